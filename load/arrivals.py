"""The open load, a locustfile: requests start on a schedule, whether or not earlier ones were answered.

A closed load slows down when answers are slow, and so hides what a stall would do to people who come regardless
("coordinated omission": Gil Tene, How NOT to Measure Latency, 2013).
"""

import itertools
import time
from random import Random

import gevent
from gevent.pool import Group
from locust import FastHttpUser, task
from locust.env import Environment
from locust.exception import StopUser

from load.in_flight import IN_FLIGHT_MAX
from load.request import PATIENCE_S, give_up, send
from load.run import RUN
from load.visits import next_visit

_numbers = itertools.count()


class Arrivals(FastHttpUser):
    """All visitors of a host in one: a Poisson process, and a greenlet for each request.

    Several hosts get the same requests, each a part of the mean pause later, so that they are not busy all at once.
    """

    network_timeout = connection_timeout = PATIENCE_S
    concurrency = IN_FLIGHT_MAX

    def __init__(self, environment: Environment) -> None:
        self._number = next(_numbers) % len(RUN.hosts)
        self.host = RUN.hosts[self._number]
        super().__init__(environment)

    @task
    def run_schedule(self) -> None:
        """Start each request at its time, until the load is over."""
        RUN.wait_for_begin()
        product_ids = RUN.product_ids()
        rng = Random(RUN.options.seed)  # noqa: S311 - no secret
        in_flight = Group()
        in_flight_max = IN_FLIGHT_MAX // RUN.options.expect_workers
        log = RUN.logs[self._number]
        due_at = time.monotonic() + self._number / len(RUN.hosts) / RUN.options.arrival_rate_per_s
        while not RUN.is_over(due_at := due_at + rng.expovariate(RUN.options.arrival_rate_per_s)):
            visit = next_visit(rng, product_ids, RUN.options.only)
            gevent.sleep(max(0.0, due_at - time.monotonic()))
            if len(in_flight) < in_flight_max:
                in_flight.spawn(send, self.client, visit, due_at, log)
            else:
                give_up(visit, due_at, log)
        in_flight.join()
        raise StopUser
