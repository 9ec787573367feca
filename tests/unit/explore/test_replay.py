"""Points on the calls of a log."""

import numpy as np

from explore.call_log import CallLog, CallOutcome
from explore.point import Point
from explore.replay import replayed

RATE_PER_S = 20
LASTS_S = 60
POINT = Point(reset_timeout_s=2.0)


def a_log(bad_from_s: float, bad_to_s: float) -> CallLog:
    """Return a log whose calls fail at once between two moments."""
    starts_s = np.arange(RATE_PER_S * LASTS_S) / RATE_PER_S
    bad = (starts_s >= bad_from_s) & (starts_s < bad_to_s)
    outcomes = np.where(bad, CallOutcome.FAILED, CallOutcome.SUCCESS).astype(np.uint8)
    return CallLog(starts_s, np.full(len(starts_s), 0.01, np.float32), outcomes)


def test_log_of_a_well_dependency_trips_nothing() -> None:
    """No call is refused, and none was bad."""
    found = replayed(POINT, a_log(0, 0))
    assert (found.calls, found.trips, found.good_refused, found.bad_spared) == (1200, (0, 0), (0, 0), (0, 0))


def test_failures_trip_and_the_cost_is_the_rest_of_the_cooldown() -> None:
    """Of 10 s of failures, three calls are made before the trip; then good calls wait for the next probe."""
    found = replayed(POINT, a_log(20, 30))
    assert found.trips == (1, 1)
    spared, most_spared = found.bad_spared
    assert 180 <= spared <= most_spared <= 200 - POINT.fail_max
    refused, most_refused = found.good_refused
    assert refused <= most_refused <= POINT.reset_timeout_s * RATE_PER_S + 1


def test_bounds_are_apart_where_probes_could_have_met_either() -> None:
    """Where every second call fails, an unkind probe fails again and again, and a kind one succeeds."""
    log = a_log(0, 0)
    log.outcomes[::2] = CallOutcome.FAILED
    found = replayed(Point(trip_policy="failure-rate", failure_rate=0.4, reset_timeout_s=2.0), log)
    assert found.trips[0] < found.trips[1]
    assert found.good_refused[0] < found.good_refused[1]
