"""One request of the load: sent, judged, and logged."""

import itertools

from locust.contrib.fasthttp import FastHttpSession

from load.outcomes import Outcome, outcome_of
from load.request_log import RequestLines
from load.run import RUN
from load.visits import Visit

PATIENCE_S = 120  # of a visitor: longer than any answer of these gateways takes
_numbers = itertools.count(1)


def send(client: FastHttpSession, visit: Visit, intended_at: float, log: RequestLines) -> None:
    """Send the request and wait for its answer; `intended_at` is on the monotonic clock."""
    number = _next_number()
    log.start(number, visit.route, intended_at)
    headers = {"X-Request-ID": f"load-{number}"}
    with client.get(visit.path, name=visit.route, headers=headers, catch_response=True) as response:
        outcome = outcome_of(visit.route, response.status_code, response.content or b"")
        log.end(number, response.status_code, outcome)
        response.request_meta["name"] = f"{visit.route} {outcome}"
        if outcome is Outcome.FAILED:
            response.failure(f"status {response.status_code}" if response.status_code else "connection broke")
        else:
            response.success()


def give_up(visit: Visit, intended_at: float, log: RequestLines) -> None:
    """Log a request that could not be started."""
    log.unsent(_next_number(), visit.route, intended_at)


def _next_number() -> int:
    """Return a number that no other request has, of this worker or another."""
    return RUN.first_number + next(_numbers)
