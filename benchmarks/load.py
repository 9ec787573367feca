"""A closed-loop load on one gateway, in a process of its own: `python -m benchmarks.load URL --users 32 ...`.

Every user asks for a product page, waits for the answer, pauses, and asks again. The last requests are waited for, up
to `--patience-s`; one that is still unanswered then counts with its wait so far. The summary goes to stdout as JSON.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import gevent
from geventhttpclient import HTTPClient

from experiment.measure.summary import summarize
from experiment.phases import Phase
from experiment.results.model import RouteResult
from experiment.results.requests_file import RequestRow
from load.catalogue import Catalogue
from load.outcomes import Outcome, Route, outcome_of

NETWORK_TIMEOUT_S = 120.0  # longer than any answer takes
POLL_S = 0.02
SEED = 1  # the same products and pauses for every gateway


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a load. Times in seconds."""

    url: str
    users: int
    duration_s: float
    warm_up_s: float = 0.0  # before the duration; its requests do not count
    pause_s: tuple[float, float] = (0.0, 0.0)  # after each answer: anything between, evenly
    patience_s: float = 2.0


@dataclass(slots=True)
class _Request:
    """One request; times on the monotonic clock."""

    started_at: float
    ended_at: float | None = None
    outcome: Outcome = Outcome.UNANSWERED


@dataclass
class _Run:
    plan: Plan
    starts_at: float
    requests: list[_Request] = field(default_factory=list)

    @property
    def ends_at(self) -> float:
        return self.starts_at + self.plan.duration_s

    @property
    def in_flight(self) -> list[_Request]:
        return [request for request in self.requests if request.ended_at is None]


def run(plan: Plan) -> RouteResult:
    """Make the load and sum it up."""
    run = _Run(plan, starts_at=time.monotonic() + plan.warm_up_s)
    product_ids = Catalogue().ids(plan.url)
    users = [
        gevent.spawn(_be_a_user, run, product_ids, random.Random(SEED + number))  # noqa: S311
        for number in range(plan.users)
    ]
    gevent.sleep(plan.warm_up_s + plan.duration_s)
    while run.in_flight and time.monotonic() < run.ends_at + plan.patience_s:
        gevent.sleep(POLL_S)
    now = time.monotonic()
    gevent.killall(users, block=False)
    for request in run.in_flight:
        request.ended_at = now
    rows = [_row(request, run.starts_at) for request in run.requests if request.started_at >= run.starts_at]
    return summarize(rows, 0.0, plan.duration_s)


def _row(request: _Request, begun_at: float) -> RequestRow:
    started_s = request.started_at - begun_at
    ended_s = None if request.ended_at is None else request.ended_at - begun_at
    latency_ms = None if ended_s is None else (ended_s - started_s) * 1000
    return RequestRow(
        "", "", Route.PRODUCT_DETAILS, Phase.HEALTHY, started_s, started_s, ended_s, None, request.outcome, latency_ms
    )


def _be_a_user(run: _Run, product_ids: Sequence[int], rng: random.Random) -> None:
    address = urlsplit(run.plan.url)
    client = HTTPClient(
        str(address.hostname), address.port, network_timeout=NETWORK_TIMEOUT_S, connection_timeout=NETWORK_TIMEOUT_S
    )
    gevent.sleep(rng.uniform(0.0, run.plan.pause_s[1]))
    while time.monotonic() < run.ends_at:
        _ask(run, client, rng.choice(product_ids))
        gevent.sleep(rng.uniform(*run.plan.pause_s))


def _ask(run: _Run, client: HTTPClient, product_id: int) -> None:
    request = _Request(started_at=time.monotonic())
    run.requests.append(request)
    try:
        response = client.get(f"/product-details/{product_id}")
        outcome = outcome_of(Route.PRODUCT_DETAILS, response.status_code, bytes(response.read()))
    except OSError:
        outcome = Outcome.FAILED
    request.outcome, request.ended_at = outcome, time.monotonic()


def command(plan: Plan) -> list[str]:
    """Return what runs this plan in a process of its own."""
    options = ["--users", plan.users, "--duration-s", plan.duration_s, "--warm-up-s", plan.warm_up_s]
    options += ["--pause-s", *plan.pause_s, "--patience-s", plan.patience_s]
    return [sys.executable, "-m", "benchmarks.load", plan.url, *map(str, options)]


def _plan(argv: list[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--users", type=int, required=True)
    parser.add_argument("--duration-s", type=float, required=True)
    parser.add_argument("--warm-up-s", type=float, default=0.0)
    parser.add_argument("--pause-s", type=float, nargs=2, default=(0.0, 0.0), metavar=("FROM", "TO"))
    parser.add_argument("--patience-s", type=float, default=2.0)
    options = vars(parser.parse_args(argv))
    return Plan(**options | {"pause_s": tuple(options["pause_s"])})


if __name__ == "__main__":
    print(run(_plan(sys.argv[1:])).model_dump_json())
