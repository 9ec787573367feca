"""The load: people who look at products, and pause 1 to 2 seconds after each answer.

    locust -f locustfile.py --host=http://localhost:8080 --users 100 --spawn-rate 10 --run-time 2m --headless

Requests are listed under what they came to: full, degraded or failed. `--tags catalogue` makes only the visits that
need no recommendations.
"""

import itertools
import random
import sys
import time
from pathlib import Path

from locust import FastHttpUser, between, events, tag, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.exception import StopUser

from experiment.outcomes import Outcome, Route, outcome_of
from experiment.request_log import RequestLogWriter

PRODUCT_IDS = range(1, 53)
PATIENCE_S = 120  # how long a user waits: longer than any answer of these gateways takes

_numbers = itertools.count(1)


class _Run:
    """What the options of this process ask for, and when the test began."""

    log: RequestLogWriter | None = None
    ends_at = float("inf")  # on the monotonic clock; no request starts after it


@events.init_command_line_parser.add_listener
def _add_option(parser: LocustArgumentParser) -> None:
    parser.add_argument(
        "--request-log", default="", metavar="FILE", include_in_web_ui=False, help="write every request to this file"
    )
    parser.add_argument(
        "--last-start",
        type=float,
        default=float("inf"),
        metavar="S",
        include_in_web_ui=False,
        help="start no request after S seconds, so that --run-time leaves time for those in flight. "
        "(--stop-timeout is no help: now and then it cuts off a request that has just started.)",
    )


@events.test_start.add_listener
def _begin(environment: Environment, **_: object) -> None:
    options = environment.parsed_options
    if options is None:
        return
    _Run.ends_at = time.monotonic() + options.last_start
    try:
        _Run.log = RequestLogWriter(Path(options.request_log)) if options.request_log else None
    except OSError as error:
        sys.exit(f"cannot write {options.request_log}: {error.strerror}")


@events.quitting.add_listener
def _end(**_: object) -> None:
    if _Run.log:
        _Run.log.close()
        _Run.log = None


class Shopper(FastHttpUser):
    """Four visits in five are to a product's page, one is to the plain catalogue."""

    wait_time = between(1, 2)
    network_timeout = connection_timeout = PATIENCE_S

    @tag("product-details")
    @task(4)
    def product_details(self) -> None:
        """Look at a product with its recommendations."""
        self._visit(Route.PRODUCT_DETAILS)

    @tag("catalogue")
    @task(1)
    def catalogue(self) -> None:
        """Look at a product in the catalogue: no recommendations needed."""
        self._visit(Route.CATALOGUE)

    def _visit(self, route: Route) -> None:
        if time.monotonic() > _Run.ends_at:
            raise StopUser
        path = route.replace("[id]", str(random.choice(PRODUCT_IDS)))  # noqa: S311 - no secret
        request_id = f"load-{next(_numbers)}"
        if _Run.log:
            _Run.log.start(request_id, route)
        headers = {"X-Request-ID": request_id}
        with self.client.get(path, name=route, headers=headers, catch_response=True) as response:
            outcome = outcome_of(route, response.status_code, response.content or b"")
            if _Run.log:
                _Run.log.end(request_id, response.status_code, outcome)
            response.request_meta["name"] = f"{route} {outcome}"
            if outcome is Outcome.FAILED:
                response.failure(f"status {response.status_code}" if response.status_code else "connection broke")
            else:
                response.success()
