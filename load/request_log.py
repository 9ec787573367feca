"""The raw request log: a line when a request starts and a line when it ends, so that none is lost when a run stops.

    ready                                          every user has arrived
    start NUMBER ROUTE INTENDED STARTED            about to be sent; ROUTE is a Route's place in its order
    end NUMBER ENDED STATUS OUTCOME                its answer is complete, or (STATUS 0) its connection broke
    unsent NUMBER ROUTE INTENDED                   it should have started, and could not

Times are in seconds on this machine's monotonic clock. Standard library only.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

from load.outcomes import Outcome, Route

_ROUTES = list(Route)
_INDEX = {route: index for index, route in enumerate(_ROUTES)}


class RequestLogWriter:
    """Write the log, each line at once, so that a load which is killed has lost nothing."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", buffering=1, encoding="ascii")

    def ready(self) -> None:
        """Log that every user has arrived."""
        self._file.write("ready\n")

    def start(self, number: int, route: Route, intended_at: float) -> None:
        """Log that a request is about to be sent."""
        self._file.write(f"start {number} {_INDEX[route]} {intended_at:.6f} {time.monotonic():.6f}\n")

    def end(self, number: int, status: int, outcome: Outcome) -> None:
        """Log that its answer is complete, or that its connection broke (status 0)."""
        self._file.write(f"end {number} {time.monotonic():.6f} {status} {outcome}\n")

    def unsent(self, number: int, route: Route, intended_at: float) -> None:
        """Log that a request should have started, and could not."""
        self._file.write(f"unsent {number} {_INDEX[route]} {intended_at:.6f}\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(slots=True)
class Request:
    """One request of the load; times as in the log."""

    number: int
    route: Route
    intended_at: float
    started_at: float | None
    ended_at: float | None = None
    status: int | None = None
    outcome: Outcome = Outcome.UNANSWERED


@dataclass
class RequestLog:
    """The log as read so far; `read_more` while it is being written."""

    path: Path
    ready: bool = False
    requests: dict[int, Request] = field(default_factory=dict)
    _offset: int = 0

    @property
    def in_flight(self) -> list[Request]:
        """The requests that have started and not ended."""
        return [found for found in self.requests.values() if found.started_at is not None and found.ended_at is None]

    def read_more(self) -> list[Request]:
        """Read the lines written since the last call; return the requests that they are about."""
        with self.path.open("rb") as file:
            file.seek(self._offset)
            new = file.read()
        complete = new[: new.rfind(b"\n") + 1]
        self._offset += len(complete)
        return [request for line in complete.decode("ascii").splitlines() if (request := self._take(line.split()))]

    def _take(self, words: list[str]) -> Request | None:
        match words:
            case ["start", number, route, intended, started]:
                return self._add(number, route, intended, float(started))
            case ["end", number, ended, status, outcome]:
                request = self.requests[int(number)]
                request.ended_at, request.status = float(ended), int(status)
                request.outcome = Outcome(outcome)
                return request
            case ["unsent", number, route, intended]:
                request = self._add(number, route, intended, None)
                request.outcome = Outcome.UNSENT
                return request
        self.ready = True
        return None

    def _add(self, number: str, route: str, intended: str, started: float | None) -> Request:
        request = Request(int(number), _ROUTES[int(route)], float(intended), started)
        self.requests[request.number] = request
        return request
