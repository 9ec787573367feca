"""The open load, a locustfile: requests start on a schedule, whether or not earlier ones were answered.

A closed load slows down when answers are slow, and so hides what a stall would do to people who come regardless
("coordinated omission": Gil Tene, How NOT to Measure Latency, 2013).
"""

import time
from random import Random

import gevent
from gevent.pool import Group
from locust import FastHttpUser, task
from locust.exception import StopUser

from load.in_flight import IN_FLIGHT_MAX
from load.request import PATIENCE_S, give_up, send
from load.run import RUN
from load.visits import next_visit


class Arrivals(FastHttpUser):
    """All visitors in one: a Poisson process, and a greenlet for each request."""

    network_timeout = connection_timeout = PATIENCE_S
    concurrency = IN_FLIGHT_MAX

    @task
    def run_schedule(self) -> None:
        """Start each request at its time, until the load is over."""
        RUN.wait_for_begin()
        product_ids = RUN.product_ids()
        rng = Random(RUN.options.seed)  # noqa: S311 - no secret
        in_flight = Group()
        due_at = time.monotonic()
        while not RUN.is_over(due_at := due_at + rng.expovariate(RUN.options.arrival_rate_per_s)):
            visit = next_visit(rng, product_ids, RUN.options.only)
            gevent.sleep(max(0.0, due_at - time.monotonic()))
            if len(in_flight) < IN_FLIGHT_MAX:
                in_flight.spawn(send, self.client, visit, due_at)
            else:
                give_up(visit, due_at)
        in_flight.join()
        raise StopUser
