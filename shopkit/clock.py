"""The wall clock, for timestamps that people read. Durations use the monotonic clock."""

from datetime import UTC, datetime


def timestamp() -> str:
    """Return the time as RFC 3339 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
