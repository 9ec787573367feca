"""The raw request log: a line when a request starts and a line when it ends, so that none is lost when a run stops.

    ready                                          every user has arrived
    start NUMBER ROUTE INTENDED STARTED            about to be sent; ROUTE is a Route's place in its order
    end NUMBER ENDED STATUS OUTCOME                its answer is complete, or (STATUS 0) its connection broke
    unsent NUMBER ROUTE INTENDED                   it should have started, and could not

On several workers, the master writes the lines that they send to it, and lines of its own:

    port PORT                                      where workers reach it
    worker WORKER AHEAD ERROR CPU                  the worker's clock against the master's, and its share of a core
    complete                                       every worker has sent its last line

Times are in seconds on the monotonic clock of the process that makes the request; a reader gets them on the master's.
Standard library only.
"""

import os
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

from load.clocks import ClockOffset
from load.outcomes import Outcome, Route
from load.requests_table import Request, Requests, worker_of

_ROUTES = list(Route)
_INDEX = {route: index for index, route in enumerate(_ROUTES)}


def numbered(log: str, number: int) -> str:
    """Return the name of one of several logs; the first one, number 0, has the name that was asked for."""
    return log if number == 0 or log == os.devnull else f"{log}.{number}"


class RequestLines(ABC):
    """Makes the lines of the log."""

    @abstractmethod
    def write(self, lines: str) -> None:
        """Take whole lines."""

    def ready(self) -> None:
        """Log that every user has arrived."""
        self.write("ready\n")

    def start(self, number: int, route: Route, intended_at: float) -> None:
        """Log that a request is about to be sent."""
        self.write(f"start {number} {_INDEX[route]} {intended_at:.6f} {time.monotonic():.6f}\n")

    def end(self, number: int, status: int, outcome: Outcome) -> None:
        """Log that its answer is complete, or that its connection broke (status 0)."""
        self.write(f"end {number} {time.monotonic():.6f} {status} {outcome}\n")

    def unsent(self, number: int, route: Route, intended_at: float) -> None:
        """Log that a request should have started, and could not."""
        self.write(f"unsent {number} {_INDEX[route]} {intended_at:.6f}\n")


class RequestLogWriter(RequestLines):
    """Write the log, each line at once, so that a load which is killed has lost nothing."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", buffering=1, encoding="ascii")

    def write(self, lines: str) -> None:
        """Write whole lines."""
        self._file.write(lines)

    def port(self, port: int) -> None:
        """Log where workers reach the master."""
        self.write(f"port {port}\n")

    def worker(self, worker: int, clock: ClockOffset, cpu_share: float) -> None:
        """Log what is known of a worker."""
        self.write(f"worker {worker} {clock.ahead_s:.6f} {clock.error_s:.6f} {cpu_share:.3f}\n")

    def complete(self) -> None:
        """Log that every worker has sent its last line."""
        self.write("complete\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(slots=True)
class WorkerState:
    """What is known of a worker."""

    clock: ClockOffset
    cpu_share_max: float = 0.0


@dataclass
class RequestLog:
    """The log as read so far; `read_more` while it is being written."""

    path: Path
    ready: bool = False
    complete: bool = False  # with workers: each has sent its last line
    port: int | None = None  # of the master, where there are workers
    workers: dict[int, WorkerState] = field(default_factory=dict)
    requests: Requests = field(default_factory=Requests)
    _in_flight: set[int] = field(default_factory=set)
    _offset: int = 0

    @property
    def in_flight(self) -> list[Request]:
        """The requests that have started and not ended."""
        return [self.requests[number] for number in sorted(self._in_flight)]

    def read_more(self) -> list[Request]:
        """Read the lines written since the last call; return the request of each, as it is after that line."""
        with self.path.open("rb") as file:
            file.seek(self._offset)
            new = file.read()
        complete = new[: new.rfind(b"\n") + 1]
        self._offset += len(complete)
        return [request for line in complete.decode("ascii").splitlines() if (request := self._take(line.split()))]

    def _take(self, words: list[str]) -> Request | None:
        match words:
            case ["start", number, route, intended, started]:
                self._in_flight.add(int(number))
                return self._add(int(number), route, intended, started)
            case ["end", number, ended, status, outcome]:
                self._in_flight.discard(int(number))
                return self.requests.end(int(number), self._at(int(number), ended), int(status), Outcome(outcome))
            case ["unsent", number, route, intended]:
                return self._add(int(number), route, intended, None)
            case ["worker", worker, ahead, error, cpu_share]:
                self._note_worker(int(worker), ClockOffset(float(ahead), float(error)), float(cpu_share))
            case ["port", port]:
                self.port = int(port)
            case ["complete"]:
                self.complete = True
            case ["ready"]:
                self.ready = True
        return None

    def _add(self, number: int, route: str, intended: str, started: str | None) -> Request:
        request = Request(number, _ROUTES[int(route)], self._at(number, intended), None, outcome=Outcome.UNSENT)
        if started is not None:
            request.started_at, request.outcome = self._at(number, started), Outcome.UNANSWERED
        return self.requests.add(request)

    def _at(self, number: int, text: str) -> float:
        """Return a time of a request on the clock of the log's writer."""
        worker = self.workers.get(worker_of(number))
        return float(text) - worker.clock.ahead_s if worker else float(text)

    def _note_worker(self, worker: int, clock: ClockOffset, cpu_share: float) -> None:
        state = self.workers.setdefault(worker, WorkerState(clock))
        state.clock, state.cpu_share_max = clock, max(state.cpu_share_max, cpu_share)
