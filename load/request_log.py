"""The raw request log: a line when a request starts and a line when it ends, so that none is lost when a run stops.

    ready                                          every user has arrived
    start NUMBER ROUTE INTENDED STARTED            about to be sent; ROUTE is a Route's place in its order
    end NUMBER ENDED STATUS OUTCOME                its answer is complete, or (STATUS 0) its connection broke
    unsent NUMBER ROUTE INTENDED                   it should have started, and could not

Times are in seconds on this machine's monotonic clock. Standard library only.
"""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from load.outcomes import Outcome, Route
from load.requests_table import Request, Requests

_ROUTES = list(Route)
_INDEX = {route: index for index, route in enumerate(_ROUTES)}


def numbered(log: str, number: int) -> str:
    """Return the name of one of several logs; the first one, number 0, has the name that was asked for."""
    return log if number == 0 or log == os.devnull else f"{log}.{number}"


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


@dataclass
class RequestLog:
    """The log as read so far; `read_more` while it is being written."""

    path: Path
    ready: bool = False
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
                return self.requests.add(Request(int(number), _ROUTES[int(route)], float(intended), float(started)))
            case ["end", number, ended, status, outcome]:
                self._in_flight.discard(int(number))
                return self.requests.end(int(number), float(ended), int(status), Outcome(outcome))
            case ["unsent", number, route, intended]:
                return self.requests.add(
                    Request(int(number), _ROUTES[int(route)], float(intended), None, outcome=Outcome.UNSENT)
                )
        self.ready = True
        return None
