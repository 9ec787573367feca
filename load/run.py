"""The load of this Locust process: when it begins and ends, which products it may ask for, and its request logs."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import gevent
from gevent.event import Event
from locust import events
from locust.env import Environment
from locust.runners import MasterRunner

from load.catalogue import Catalogue
from load.options import ENDLESS, Options, options_of
from load.request_log import RequestLogWriter, numbered

NUMBERS_OF_WORKER = 10**9  # more requests than one worker makes


class LoadRun:
    """One load. Users arrive first, and wait for it to begin."""

    def __init__(self) -> None:
        self.options = Options()
        self.hosts: Sequence[str] = ("",)
        self.logs = [RequestLogWriter(Path(self.options.request_log))]  # one for each host
        self.first_number = 0  # of this process's requests
        self._catalogue = Catalogue()
        self._begun = Event()
        self._ends_at = ENDLESS  # on the monotonic clock

    def start(self, options: Options, host: str, end: Callable[[], None], worker: int = 0) -> None:
        """Begin, or wait for SIGUSR1 where the options say so; SIGUSR2 then calls `end`.

        `worker` is the number of this process among Locust's workers.

        Raises:
            OSError: the request log can't be written.
        """
        self.options, self.hosts = options.of_worker(worker), (host, *options.also)
        self.first_number = worker * NUMBERS_OF_WORKER
        self.logs = [RequestLogWriter(Path(numbered(self.options.request_log, n))) for n in range(len(self.hosts))]
        if options.on_signal:
            gevent.signal_handler(signal.SIGUSR1, self.begin)
            gevent.signal_handler(signal.SIGUSR2, end)  # on SIGTERM Locust would not write its page
        else:
            self.begin()

    def begin(self) -> None:
        """Let the users go."""
        self._ends_at = time.monotonic() + self.options.last_start_s
        self._begun.set()

    def wait_for_begin(self) -> None:
        """Return when the load begins."""
        self._begun.wait()

    def is_over(self, at: float) -> bool:
        """Return whether it is too late at this time, on the monotonic clock, to start a request."""
        return at > self._ends_at

    def product_ids(self) -> Sequence[int]:
        """Return the ids of the products that visitors may ask for."""
        return self._catalogue.ids(self.hosts[0])


RUN = LoadRun()


@events.test_start.add_listener
def _start(environment: Environment, **_: object) -> None:
    runner = environment.runner
    if runner is None:
        return
    options = options_of(environment.parsed_options)
    if isinstance(runner, MasterRunner):
        options = replace(options, request_log=os.devnull)  # its workers make the requests
    try:
        RUN.start(options, environment.host or "", runner.quit, getattr(runner, "worker_index", 0))
    except OSError as error:
        sys.exit(f"cannot write {error.filename}: {error.strerror}")


@events.spawning_complete.add_listener
def _note_ready(**_: object) -> None:
    RUN.product_ids()  # read now, so that the load does not begin with it
    for log in RUN.logs:
        log.ready()


@events.quitting.add_listener
def _close_log(**_: object) -> None:
    for log in RUN.logs:
        log.close()
