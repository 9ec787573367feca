"""The load of this Locust process: when it begins and ends, which products it may ask for, and its request logs."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import gevent
from gevent.event import Event
from locust import events
from locust.env import Environment
from locust.runners import MasterRunner, Runner, WorkerRunner

from load.catalogue import Catalogue
from load.master import Master
from load.options import ENDLESS, Options, options_of
from load.request_log import RequestLines, RequestLogWriter, numbered
from load.requests_table import NUMBERS_OF_WORKER
from load.worker import Worker


class LoadRun:
    """One load. Users arrive first, and wait for it to begin."""

    def __init__(self) -> None:
        self.options = Options()
        self.hosts: Sequence[str] = ("",)
        self.logs: Sequence[RequestLines] = [RequestLogWriter(Path(os.devnull))]  # one for each host
        self.first_number = 0  # of this process's requests
        self.worker: Worker | None = None
        self.master: Master | None = None
        self._catalogue = Catalogue()
        self._begun = Event()
        self._ends_at = ENDLESS  # on the monotonic clock

    def open_logs(self, options: Options, host: str) -> list[RequestLogWriter]:
        """Take the options, and return a new log for each host; end this process if they can't be written."""
        self.options, self.hosts = options, (host, *options.also)
        try:
            logs = [RequestLogWriter(Path(numbered(options.request_log, n))) for n in range(len(self.hosts))]
        except OSError as error:
            sys.exit(f"cannot write {error.filename}: {error.strerror}")
        self.logs = logs
        return logs

    def start_worker(self, worker: Worker, options: Options, host: str) -> None:
        """Make the part of the load of one of Locust's workers."""
        self.options, self.hosts = options.of_worker(worker.number), (host, *options.also)
        self.first_number = worker.number * NUMBERS_OF_WORKER
        self.logs = worker.logs(len(self.hosts))

    def ready(self) -> None:
        """Note that every user has arrived."""
        if self.worker:
            self.worker.ready()
        elif not self.master:  # which hears it from each of its workers
            for log in self.logs:
                log.ready()

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


@events.init.add_listener
def _join(environment: Environment, runner: Runner | None, **_: object) -> None:
    options = options_of(environment.parsed_options)
    if isinstance(runner, MasterRunner):
        logs = RUN.open_logs(options, environment.host or "")
        RUN.master = Master(runner, logs, options.expect_workers, strict=options.on_signal)
    elif isinstance(runner, WorkerRunner):
        RUN.worker = Worker(runner, RUN.begin)


@events.test_start.add_listener
def _start(environment: Environment, **_: object) -> None:
    runner = environment.runner
    if runner is None:
        return
    options, host = options_of(environment.parsed_options), environment.host or ""
    begin, end = RUN.begin, runner.quit
    if RUN.worker:
        RUN.start_worker(RUN.worker, options, host)
    elif RUN.master:
        begin, end = RUN.master.begin, RUN.master.end
    else:
        RUN.open_logs(options, host)
    if not options.on_signal:
        begin()
    elif not RUN.worker:  # which hears of both from the master
        gevent.signal_handler(signal.SIGUSR1, begin)
        gevent.signal_handler(signal.SIGUSR2, end)  # on SIGTERM Locust would not write its page


@events.spawning_complete.add_listener
def _note_ready(**_: object) -> None:
    if not RUN.master:
        RUN.product_ids()  # read now, so that the load does not begin with it
    RUN.ready()


@events.quitting.add_listener
def _close_log(**_: object) -> None:
    for log in RUN.logs:
        if isinstance(log, RequestLogWriter):
            log.close()
