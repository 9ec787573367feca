"""A deadline passed on: a caller says how long it will wait, and whoever is called need not work for longer.

The header says how much time is left, and no time of day, so that no two clocks must agree (as gRPC's `grpc-timeout`).
What it costs: the time from the caller's sending to this service's reading is not taken off.
"""

from flask import request

HEADER = "X-Time-Left-S"
LONGEST_S = 300.0


def shown(seconds: float) -> str:
    """Return the header's value."""
    return f"{seconds:g}"


def time_left_s() -> float | None:
    """Return how long the caller of the current request will wait; None if it does not say, or nothing sensible."""
    try:
        seconds = float(request.headers.get(HEADER, ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_S else None
