"""The trip rules and the cooldown."""

import pytest

from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.cooldown import cooldown_s
from api_gateway_v2.rules import (
    ConsecutiveFailures,
    FailureRate,
    Permit,
    SlowCallsInFlight,
    TripRule,
    failure_in,
    trip_rules,
)
from shopkit.errors import RequestRejected, Unreachable
from support.circuits import FixedRng

CALL = Permit(0)
ERROR = ConnectionError("refused")


def verdicts(rule: TripRule, results: str) -> list[str]:
    """Tell `rule` of a result for each letter, F for a failure; return its verdicts."""
    return [rule.on_result(CALL, ERROR if result == "F" else None) for result in results]


def test_rejected_request_is_no_failure() -> None:
    """A rejected request is an answer; every other error is a failure of the dependency."""
    unreachable = Unreachable("recommendations-service", "is away")

    assert failure_in(RequestRejected(404, "no such product")) is None
    assert failure_in(unreachable) is unreachable
    assert failure_in(None) is None


def test_consecutive_failures_start_again_after_a_success() -> None:
    """Only failures in a row count, and the reason gives their number and the last cause."""
    rule = ConsecutiveFailures(2)

    assert verdicts(rule, "FSFSF") == [""] * 5
    assert rule.failures == 1
    assert verdicts(rule, "FFS") == ["2 consecutive failures: refused", "3 consecutive failures: refused", ""]
    assert rule.failures == 0


def test_window_forgets_old_results() -> None:
    """Only the last calls of the window count."""
    rule = FailureRate(0.5, window_calls=3, minimum_calls=3)
    counts = []
    for result in "FSFFSSS":
        verdicts(rule, result)
        counts.append(rule.failures)

    assert counts == [1, 1, 2, 2, 2, 1, 0]


def test_failure_rate_trips_from_the_threshold_on() -> None:
    """Half of ten calls is enough for a rate of 0.5, less is not."""
    assert verdicts(FailureRate(0.5, 10, 10), "FFFFSSSSSS") == [""] * 10
    assert verdicts(FailureRate(0.5, 10, 10), "FFFFFSSSSS") == [""] * 9 + ["5 of the last 10 calls failed"]


def test_failure_rate_needs_the_minimum_of_calls() -> None:
    """The rate trips with exactly the minimum of calls, and not with fewer."""
    assert verdicts(FailureRate(1.0, 10, 3), "FFF") == ["", "", "3 of the last 3 calls failed"]


def test_slow_calls_count_once_each_until_settled() -> None:
    """The rule trips when enough different calls are slow at the same time."""
    rule = SlowCallsInFlight(2)
    first, second, third = Permit(0), Permit(0), Permit(0)

    assert [rule.on_slow(first), rule.on_slow(first)] == ["", ""]
    assert rule.on_result(first, ERROR) == ""
    assert [rule.on_slow(second), rule.on_slow(third)] == ["", "2 slow calls in flight"]
    assert rule.failures == 0


@pytest.mark.parametrize("rule", [ConsecutiveFailures(3), FailureRate(0.5, 4, 2)])
def test_rules_about_results_ignore_slow_calls(rule: TripRule) -> None:
    """A slow call is no result."""
    assert [rule.on_slow(CALL) for _ in range(5)] == [""] * 5
    assert rule.failures == 0


@pytest.mark.parametrize("rule", [ConsecutiveFailures(2), FailureRate(1.0, 4, 2)])
def test_reset_forgets_failures(rule: TripRule) -> None:
    """After a reset the rule counts from zero."""
    verdicts(rule, "F")
    rule.reset()

    assert rule.failures == 0
    assert verdicts(rule, "F") == [""]


def test_reset_forgets_slow_calls() -> None:
    """After a reset slow calls of the earlier state no longer count."""
    rule = SlowCallsInFlight(2)
    rule.on_slow(Permit(0))
    rule.reset()

    assert rule.on_slow(Permit(1)) == ""


def test_settings_choose_the_rules() -> None:
    """The failure rate replaces consecutive failures; slow calls in flight trip either way."""
    by_count, by_rate = trip_rules(BreakerSettings()), trip_rules(BreakerSettings(failure_rate=0.5, minimum_calls=1))

    assert [type(rule) for rule in by_count] == [ConsecutiveFailures, SlowCallsInFlight]
    assert [type(rule) for rule in by_rate] == [FailureRate, SlowCallsInFlight]


def test_settings_reach_the_failure_rate() -> None:
    """Rate, window and minimum are those of the settings."""
    rule, _ = trip_rules(BreakerSettings(failure_rate=1.0, window_calls=3, minimum_calls=2))

    assert verdicts(rule, "SFFF") == ["", "", "", "3 of the last 3 calls failed"]
    rule.reset()
    assert verdicts(rule, "FF") == ["", "2 of the last 2 calls failed"]


@pytest.mark.parametrize(("drawn", "expected_s"), [(0.0, 8.0), (0.5, 10.0), (1.0, 12.0)])
def test_jitter_moves_the_cooldown_both_ways(drawn: float, expected_s: float) -> None:
    """With a jitter of 0.2 a cooldown of 10 s becomes 8 to 12 s."""
    assert cooldown_s(BreakerSettings(reset_jitter=0.2), 0, FixedRng(drawn)) == pytest.approx(expected_s)


def test_maximum_bounds_the_growth_alone() -> None:
    """A cooldown that is longer than the maximum from the start is kept."""
    assert cooldown_s(BreakerSettings(reset_timeout_s=90, reset_timeout_max_s=60), 0, FixedRng(0.5)) == 90


def test_many_failed_probes_do_not_overflow() -> None:
    """The cooldown of a dependency that has failed for days is the maximum."""
    assert cooldown_s(BreakerSettings(reset_growth=10), 10_000, FixedRng(0.5)) == 60
