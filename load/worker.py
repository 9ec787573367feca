"""One of Locust's workers: it sends its requests to the master, and does what the master says."""

import time
from collections.abc import Callable, Sequence

import gevent
from locust.runners import WorkerRunner

from load.request_log import RequestLines

SEND_EVERY_S = 0.2


class Outbox(RequestLines):
    """The lines of a request log that are not sent yet."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def write(self, lines: str) -> None:
        """Take whole lines."""
        self._lines.append(lines)

    def take(self) -> str:
        """Return the lines, and forget them."""
        taken, self._lines = self._lines, []
        return "".join(taken)


class Worker:
    """This process as one of Locust's workers."""

    def __init__(self, runner: WorkerRunner, begin: Callable[[], None]) -> None:
        """`begin` lets the users go."""
        self._runner = runner
        self._outboxes: Sequence[Outbox] = ()
        self._batch = 0
        runner.register_message("clock", self._tell_time)
        runner.register_message("begin", lambda **_: begin())
        runner.register_message("end", lambda **_: runner.stop())
        runner.environment.events.test_stop.add_listener(lambda **_: self._send(last=True))
        gevent.spawn(self._send_regularly)

    @property
    def number(self) -> int:
        """Which of the workers this is, from 0."""
        return self._runner.worker_index

    def logs(self, count: int) -> Sequence[RequestLines]:
        """Return new logs, one for each host."""
        self._outboxes = [Outbox() for _ in range(count)]
        return self._outboxes

    def ready(self) -> None:
        """Tell the master that every user of this worker has arrived."""
        self._runner.send_message("ready")

    def _tell_time(self, **_: object) -> None:
        self._runner.send_message("clock", {"at": time.monotonic()})

    def _send_regularly(self) -> None:
        while True:
            gevent.sleep(SEND_EVERY_S)
            self._send(last=False)

    def _send(self, *, last: bool) -> None:
        lines = [outbox.take() for outbox in self._outboxes]
        if last or any(lines):
            self._batch += 1  # by which the master sees that none is lost with a connection
            self._runner.send_message("requests", {"batch": self._batch, "lines": lines, "last": last})
