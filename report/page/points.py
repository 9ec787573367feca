"""Every request as a point: a few packed numbers each, so that a page of 100,000 stays small."""

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from math import nan
from struct import pack

from experiment.phases import Phase
from experiment.results.model import Report
from experiment.results.requests_file import RequestRow
from load.outcomes import Outcome, Route

OUTCOMES, ROUTES, PHASES = tuple(Outcome), tuple(Route), tuple(Phase)
OUTCOME_CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}
PHASE_CODES = {phase: code for code, phase in enumerate(PHASES)}
ROUTE_CODES = {route: code for code, route in enumerate(ROUTES)}
NAMED_AT_MOST = 20_000  # above it the page leaves out request ids, which would be most of its size

Packed = dict[str, str | list[str] | None]


def points(report: Report, rows: Sequence[RequestRow]) -> dict[str, Packed]:
    """Return the packed points of each gateway."""
    named = len(rows) <= NAMED_AT_MOST
    return {
        gateway: _packed([row for row in rows if row.gateway == gateway], named=named) for gateway in report.gateways
    }


def counts(rows: Sequence[RequestRow]) -> dict[str, int]:
    """Return how many points each outcome has, without those that have none; the best outcome comes first."""
    count = Counter(row.outcome for row in rows)
    return {outcome.value: count[outcome] for outcome in OUTCOMES if count[outcome]}


def _packed(rows: list[RequestRow], *, named: bool) -> Packed:
    """Pack as little-endian float32 and uint8, in base64; a request without an answer has the latency NaN."""
    return {
        "intended_s": _base64(pack(f"<{len(rows)}f", *(row.intended_s for row in rows))),
        "latency_ms": _base64(
            pack(f"<{len(rows)}f", *(nan if row.latency_ms is None else row.latency_ms for row in rows))
        ),
        "outcome": _base64(bytes(OUTCOME_CODES[row.outcome] for row in rows)),
        "route": _base64(bytes(ROUTE_CODES[row.route] for row in rows)),
        "phase": _base64(bytes(PHASE_CODES[row.phase] for row in rows)),
        "request_id": [row.request_id for row in rows] if named else None,
    }


def _base64(packed: bytes) -> str:
    return b64encode(packed).decode("ascii")
