"""This Locust process: the options of ours that it was started with, and when its load begins and ends."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import gevent
from gevent.event import Event
from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from load.catalogue import Catalogue
from load.request_log import RequestLogWriter
from load.visits import ROUTES


class _Process:
    """Without options, the load begins when the test starts, is written down nowhere, and has no end of its own."""

    seed = "0"
    only = ""  # the one kind of visit that is made; empty: all
    arrival_rate_per_s = 0.0
    ramp_per_s = 0  # users who join each second once the load has begun; 0: all at once
    log = RequestLogWriter(Path(os.devnull))

    def __init__(self) -> None:
        self._host = ""
        self._catalogue = Catalogue()
        self._ends_at = float("inf")  # on the monotonic clock; no request starts after it
        self._last_start_s = float("inf")
        self._begun = Event()

    def start(self, environment: Environment) -> None:
        """The test starts; with --on-signal the load begins on SIGUSR1 and ends on SIGUSR2."""
        options = environment.parsed_options
        runner = environment.runner
        if options is None or runner is None:
            return
        self._host = environment.host or ""
        self.seed, self.only, self.arrival_rate_per_s = options.seed, options.only, options.arrival_rate
        self.ramp_per_s, self._last_start_s = options.ramp, options.last_start
        if options.request_log:
            self.log = RequestLogWriter(Path(options.request_log))
        if options.on_signal:
            gevent.signal_handler(signal.SIGUSR1, self.begin)
            gevent.signal_handler(signal.SIGUSR2, runner.quit)  # on SIGTERM Locust would not write its page
        else:
            self.begin()

    def ready(self) -> None:
        """Note that every user is there and knows the products: the load may begin."""
        self.product_ids()
        self.log.ready()

    def product_ids(self) -> Sequence[int]:
        """Return the products that visitors may ask for."""
        return self._catalogue.ids(self._host)

    def begin(self) -> None:
        """Let the users go."""
        self._ends_at = time.monotonic() + self._last_start_s
        self._begun.set()

    def wait_for_begin(self) -> None:
        """Return when the load begins."""
        self._begun.wait()

    def joins_after_s(self, person: int) -> float:
        """Return how long after the beginning somebody joins; people count from 0."""
        return person // self.ramp_per_s if self.ramp_per_s else 0.0

    def is_over(self, at: float) -> bool:
        """Return whether a request must no longer start at this time."""
        return at > self._ends_at


PROCESS = _Process()


@events.init_command_line_parser.add_listener
def _add_options(parser: LocustArgumentParser) -> None:
    def add(name: str, **how: object) -> None:
        parser.add_argument(name, include_in_web_ui=False, **how)

    endless = float("inf")
    add("--only", default="", choices=tuple(ROUTES), help="make only this kind of visit")
    add("--seed", default="0", metavar="N", help="what chance starts from: the same seed makes the same visits")
    add("--request-log", default="", metavar="FILE", help="write every request to this file")
    add("--last-start", type=float, default=endless, metavar="S", help="start no request after S seconds")
    add("--on-signal", action="store_true", help="begin on SIGUSR1, end on SIGUSR2")
    add("--ramp", type=int, default=0, metavar="N", help="users who join each second after SIGUSR1 (0: all at once)")
    add("--arrival-rate", type=float, default=0.0, metavar="R", help="requests/s, for the schedule of arrivals")


@events.test_start.add_listener
def _start(environment: Environment, **_: object) -> None:
    try:
        PROCESS.start(environment)
    except OSError as error:
        sys.exit(f"cannot write {error.filename}: {error.strerror}")


@events.spawning_complete.add_listener
def _ready(**_: object) -> None:
    PROCESS.ready()


@events.quitting.add_listener
def _close(**_: object) -> None:
    PROCESS.log.close()
