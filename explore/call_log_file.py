"""The file of a log of calls: a CSV with the start, the duration and the status of each, as an access log gives.

Commas, semicolons or tabs separate the columns; more columns than these three may be there, and rows come in any order.
"""

import csv
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BufferedReader, TextIOWrapper
from itertools import product
from math import nan
from pathlib import Path
from typing import TextIO

import numpy as np

from experiment.errors import UsageError
from explore.call_log import CallLog, CallOutcome

MOST_CALLS = 20_000_000  # keeps the memory under 1 GB
LONGEST_S = 86_400.0
LATEST_S = 1e11  # in the year 5138; milliseconds since the epoch are beyond it

_STARTS = ("start", "timestamp", "time")
_DURATIONS = ("duration", "latency", "request_time")
_STATUSES = ("status", "code")
_PER_S = {"": 1, "_s": 1, "_ms": 1000}  # by what the name of a column of times ends in
_SHAPE = f"{' or '.join(_STARTS)}, {' or '.join(_DURATIONS)} (or duration_ms), {' or '.join(_STATUSES)}"
_DELIMITERS = ",;\t"
_GZIP = b"\x1f\x8b"
_LONGEST_HEADER = 10_000  # characters: a file of another kind may be one line of gigabytes
_SHOWN = 60  # characters of what is wrong

_FAILED_4XX = (408, 429, 499)  # 499: nginx says so of a caller that left before the answer
_OUTCOMES: dict[str, CallOutcome] = {
    **{str(status): CallOutcome.SUCCESS for status in range(200, 400)},
    **{str(status): CallOutcome.REJECTED for status in range(400, 500)},
    **{str(status): CallOutcome.FAILED for status in (*_FAILED_4XX, *range(500, 600))},
    **dict.fromkeys(("", "0", "000", "-"), CallOutcome.FAILED),
}


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a value of a row is, and its unit."""

    name: str
    place: int
    per_s: int

    def wrong(self, row: list[str], expected: str) -> ValueError:
        """Return the error that the value is not what is expected."""
        return ValueError(f"{self.name} is {_shown(row[self.place])}; expected {expected}")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns that count, and how many there are."""

    start: _Column
    duration: _Column
    status: _Column
    width: int


@dataclass(frozen=True, slots=True)
class _Calls:
    """Calls in the order of the file: 13 bytes each."""

    starts_s: "array[float]" = field(default_factory=lambda: array("d"))
    durations_s: "array[float]" = field(default_factory=lambda: array("f"))
    outcomes: "array[int]" = field(default_factory=lambda: array("B"))

    def add(self, row: list[str], columns: _Columns) -> None:
        """Add a row; raise a ValueError that says what is wrong with it."""
        if len(row) != columns.width:
            raise ValueError(f"the number of columns is {len(row)}; expected {columns.width}, as in the header")
        if len(self.starts_s) == MOST_CALLS:
            raise ValueError(f"the log goes on; expected at most {MOST_CALLS:,} calls")
        self.starts_s.append(_start_s(row, columns.start))
        self.durations_s.append(_duration_s(row, columns.duration))
        self.outcomes.append(_outcome(row, columns.status))


def read_call_log(path: Path) -> CallLog:
    """Read the file.

    Raises:
        UsageError: The file is missing, is of another shape, or says too little.
    """
    try:
        with path.open("rb") as file, _text(path, file) as text:
            return _sorted(path, _calls(path, text))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


def _text(path: Path, file: BufferedReader) -> TextIO:
    head = file.peek()  # a pipe cannot be read twice
    if head.startswith(_GZIP):
        raise UsageError(f"{path} is compressed: unpack it first, with gunzip")
    if b"\0" in head:
        raise UsageError(f"{path} is not a CSV file: it is not text in UTF-8")
    # A broken character in a column that does not count, such as an address, does no harm.
    return TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")


def _calls(path: Path, file: TextIO) -> _Calls:
    header = file.readline(_LONGEST_HEADER)
    delimiter = max(_DELIMITERS, key=header.count)
    calls = _Calls()
    rows = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
    try:
        columns = _columns(next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), []))
        for row in rows:
            if row:
                calls.add(row, columns)
    except (ValueError, csv.Error) as error:
        raise UsageError(f"{path}, line {rows.line_num + 1}: {error}") from None
    return calls


def _columns(names: list[str]) -> _Columns:
    known = [name.strip().lower() for name in names]
    start, duration = _column(known, _STARTS, _PER_S), _column(known, _DURATIONS, _PER_S)
    status = _column(known, _STATUSES, {"": 1})
    if start is None or duration is None or status is None:
        raise ValueError(f"the columns are {_shown(', '.join(names))}; expected {_SHAPE}")
    return _Columns(start, duration, status, len(names))


def _column(known: list[str], names: Iterable[str], per_s: Mapping[str, int]) -> _Column | None:
    for name, suffix in product(names, per_s):
        if name + suffix in known:
            return _Column(name + suffix, known.index(name + suffix), per_s[suffix])
    return None


def _start_s(row: list[str], column: _Column) -> float:
    text = row[column.place]
    try:
        at_s = float(text) / column.per_s
    except ValueError:
        at_s = _moment_s(text)
    if not 0 <= at_s < LATEST_S:
        raise column.wrong(row, "seconds since 1970 (milliseconds: start_ms), or ISO 8601")
    return at_s


def _moment_s(text: str) -> float:
    """Return the seconds since 1970 of a time in ISO 8601, in UTC unless it says otherwise; nan: it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _duration_s(row: list[str], column: _Column) -> float:
    try:
        duration_s = float(row[column.place]) / column.per_s
    except ValueError:
        duration_s = nan
    if not 0 <= duration_s <= LONGEST_S:
        unit = "seconds" if column.per_s == 1 else "milliseconds"
        raise column.wrong(row, f"{unit} from 0 to {LONGEST_S * column.per_s:.0f}")
    return duration_s


def _outcome(row: list[str], column: _Column) -> CallOutcome:
    outcome = _OUTCOMES.get(row[column.place])
    if outcome is None:
        raise column.wrong(row, "an HTTP status from 200 to 599, or 0 or nothing for no answer")
    return outcome


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _sorted(path: Path, calls: _Calls) -> CallLog:
    starts_s = np.frombuffer(calls.starts_s, np.float64)
    outcomes = np.frombuffer(calls.outcomes, np.uint8)
    if len(starts_s) <= 1:
        raise UsageError(f"{path} has too few calls for a rate: {len(starts_s)}; expected two or more")
    if starts_s.min() == starts_s.max():
        raise UsageError(f"{path} shows no rate: its {len(starts_s):,} calls start at one moment; expected several")
    if CallOutcome.SUCCESS not in outcomes:
        raise UsageError(f"{path}: none of its {len(outcomes):,} calls succeeded; expected some that did")
    order = np.argsort(starts_s, kind="stable")
    return CallLog(
        starts_s[order] - starts_s.min(), np.frombuffer(calls.durations_s, np.float32)[order], outcomes[order]
    )
