"""The raw request log: a line when a request starts and a line when it ends, so that none is lost when a run stops.

Each line is JSON: {"id", "at", "route"} at the start, {"id", "at", "status", "outcome"} at the end. `id` is the
request's X-Request-ID, `at` is in seconds on this machine's monotonic clock. Standard library only.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from experiment.outcomes import Outcome, Route


class RequestLogWriter:
    """Writes the log as it happens."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", buffering=1, encoding="utf-8")

    def start(self, request_id: str, route: Route) -> None:
        """A request is about to be sent."""
        self._write(id=request_id, at=time.monotonic(), route=route)

    def end(self, request_id: str, status: int, outcome: Outcome) -> None:
        """Its answer is complete, or its connection broke."""
        self._write(id=request_id, at=time.monotonic(), status=status, outcome=outcome)

    def close(self) -> None:
        """Write no more."""
        self._file.close()

    def _write(self, **event: object) -> None:
        self._file.write(json.dumps(event) + "\n")


@dataclass(slots=True)
class Request:
    """One request of the load."""

    request_id: str
    route: Route
    started_at: float
    ended_at: float | None = None
    outcome: Outcome = Outcome.UNANSWERED

    @property
    def latency_ms(self) -> float | None:
        """Time to the complete answer; None while there is none."""
        return None if self.ended_at is None else (self.ended_at - self.started_at) * 1000


@dataclass
class RequestLog:
    """The log as read so far; `read_more` while it is being written."""

    path: Path
    requests: dict[str, Request] = field(default_factory=dict)
    _offset: int = 0

    def read_more(self) -> None:
        """Take in the lines that were written since the last time."""
        for line in self._new_lines():
            event = json.loads(line)
            if "route" in event:
                self.requests[event["id"]] = Request(event["id"], Route(event["route"]), event["at"])
            else:
                request = self.requests[event["id"]]
                request.ended_at = event["at"]
                request.outcome = Outcome(event["outcome"])

    def _new_lines(self) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return  # half a line: it is complete next time
                self._offset += len(line)
                yield line
