"""The closed load: people who look at products, and pause 1 to 2 seconds after each answer.

    locust -f locustfile.py --host=http://127.0.0.1:8080 --users 100 --spawn-rate 10 --run-time 2m --headless

Requests are listed by outcome: full, degraded or failed. `--only catalogue` makes only the visits that need no
recommendations. load/options.py has the other options.
"""

import itertools
import time
from random import Random

import gevent
from locust import FastHttpUser, task
from locust.env import Environment
from locust.exception import StopUser

from load.request import PATIENCE_S, send
from load.run import RUN
from load.visits import join_after_s, next_pause_s, next_visit, rest_of_pause_s

_numbers = itertools.count()


class Shopper(FastHttpUser):
    """One visitor."""

    network_timeout = connection_timeout = PATIENCE_S

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._number = next(_numbers)
        self._rng = Random(f"{RUN.options.seed} {self._number}")  # noqa: S311 - no secret
        self._intended_at = 0.0

    def on_start(self) -> None:
        """Join when it is this visitor's turn, somewhere in a pause."""
        RUN.wait_for_begin()
        gevent.sleep(join_after_s(self._number, RUN.options.ramp_per_s))
        gevent.sleep(self._plan(rest_of_pause_s(self._rng, RUN.options.pause_s)))

    @task
    def visit(self) -> None:
        """Look at a page."""
        if RUN.is_over(time.monotonic()):
            raise StopUser
        send(self.client, next_visit(self._rng, RUN.product_ids(), RUN.options.only), self._intended_at, RUN.logs[0])

    def wait_time(self) -> float:
        """Return the pause before the next page, in seconds."""
        return self._plan(next_pause_s(self._rng, RUN.options.pause_s))

    def _plan(self, pause_s: float) -> float:
        self._intended_at = time.monotonic() + pause_s
        return pause_s
