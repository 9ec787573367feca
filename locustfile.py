"""The load: people who look at products, and pause 1 to 2 seconds after each answer.

    locust -f locustfile.py --host=http://localhost:8080 --users 100 --spawn-rate 10 --run-time 2m --headless

Requests are listed under what they came to: full, degraded or failed. `--only catalogue` makes only the visits that
need no recommendations.
"""

import itertools
import time
from random import Random

import gevent
from locust import FastHttpUser, task
from locust.env import Environment
from locust.exception import StopUser

from load.process import PROCESS
from load.request import PATIENCE_S, send
from load.visits import next_pause_s, next_visit, rest_of_pause_s

_people = itertools.count()


class Shopper(FastHttpUser):
    """One visitor."""

    network_timeout = connection_timeout = PATIENCE_S

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._number = next(_people)
        self._rng = Random(f"{PROCESS.seed} {self._number}")  # noqa: S311 - no secret
        self._intended_at = 0.0

    def on_start(self) -> None:
        """Arrive somewhere in a pause."""
        PROCESS.wait_for_begin()
        gevent.sleep(PROCESS.joins_after_s(self._number))
        gevent.sleep(self._plan(rest_of_pause_s(self._rng)))

    @task
    def visit(self) -> None:
        """Look at a page."""
        if PROCESS.is_over(time.monotonic()):
            raise StopUser
        send(self.client, next_visit(self._rng, PROCESS.product_ids(), PROCESS.only), self._intended_at)

    def wait_time(self) -> float:
        """Return the pause before the next page, in seconds."""
        return self._plan(next_pause_s(self._rng))

    def _plan(self, pause_s: float) -> float:
        self._intended_at = time.monotonic() + pause_s
        return pause_s
