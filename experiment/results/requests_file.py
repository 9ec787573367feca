"""requests.csv.gz: every request of a run, one line each, times in seconds since the load began."""

import csv
import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import TextIO

from experiment.errors import UsageError
from experiment.phases import Phase
from load.outcomes import Outcome, Route

COMPRESSION = 3  # three times as fast as the default of 9, and the file is hardly larger


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request of the load, as in the file."""

    request_id: str
    gateway: str
    route: Route
    phase: Phase  # in which it was to start
    intended_s: float
    started_s: float | None  # None: unsent
    ended_s: float | None  # None: unanswered, or unsent
    status: int | None  # HTTP; 0 for a connection that broke
    outcome: Outcome
    latency_ms: float | None  # from started_s, or from intended_s where the load is open


COLUMNS = tuple(field.name for field in fields(RequestRow))


def write_requests(path: Path, rows: Iterable[RequestRow]) -> None:
    """Write the file."""
    with gzip.open(path, "wt", COMPRESSION, encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(map(attrgetter(*COLUMNS), rows))


def read_requests(path: Path) -> list[RequestRow]:
    """Read the file.

    Raises:
        UsageError: The file is missing, or is no file of requests.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            return _rows(file)
    except FileNotFoundError:
        raise UsageError(f"{path} is missing: it holds the requests of this report") from None
    except (OSError, EOFError, zlib.error, csv.Error, TypeError, ValueError) as error:
        raise UsageError(f"{path} is not a file of requests: {error}") from None


def _rows(file: TextIO) -> list[RequestRow]:
    lines = csv.DictReader(file)
    if tuple(lines.fieldnames or ()) != COLUMNS:
        raise ValueError(f"its columns are not {', '.join(COLUMNS)}")
    return [_row(line) for line in lines]


def _row(line: dict[str, str]) -> RequestRow:
    return RequestRow(
        request_id=line["request_id"],
        gateway=line["gateway"],
        route=Route(line["route"]),
        phase=Phase(line["phase"]),
        intended_s=float(line["intended_s"]),
        started_s=_number(line["started_s"]),
        ended_s=_number(line["ended_s"]),
        status=int(line["status"]) if line["status"] else None,
        outcome=Outcome(line["outcome"]),
        latency_ms=_number(line["latency_ms"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
