"""The trip rules and the cooldown."""

import pytest

from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.cooldown import cooldown_s
from api_gateway_v2.permits import Permit
from api_gateway_v2.rules import (
    ConsecutiveFailures,
    FailureRate,
    SilentDependency,
    SlowCallRate,
    TripRule,
    trip_rules,
)
from api_gateway_v2.windows import CountWindow, TimeWindow
from support.circuits import FixedRng

CALL = Permit(0)
ERROR = ConnectionError("refused")


def verdicts(rule: TripRule, results: str) -> list[str]:
    """Tell `rule` of a result for each letter, F for a failure; return its verdicts."""
    return [rule.on_result(CALL, ERROR if result == "F" else None, 0.0) for result in results]


def test_consecutive_failures_start_again_after_a_success() -> None:
    """Only failures in a row count, and the reason gives their number and the last cause."""
    rule = ConsecutiveFailures(2)

    assert verdicts(rule, "FSFSF") == [""] * 5
    assert rule.failures(0.0) == 1
    assert verdicts(rule, "FFS") == ["2 consecutive failures: refused", "3 consecutive failures: refused", ""]
    assert rule.failures(0.0) == 0


def test_failure_rate_trips_from_the_threshold_on() -> None:
    """Half of ten calls is enough for a rate of 0.5, less is not."""
    assert verdicts(FailureRate(0.5, CountWindow(10), 10), "FFFFSSSSSS") == [""] * 10
    assert verdicts(FailureRate(0.5, CountWindow(10), 10), "FFFFFSSSSS") == [""] * 9 + ["5 of the last 10 calls failed"]


def test_failure_rate_needs_the_minimum_of_calls() -> None:
    """The rate trips with exactly the minimum of calls, and not with fewer."""
    assert verdicts(FailureRate(1.0, CountWindow(10), 3), "FFF") == ["", "", "3 of the last 3 calls failed"]


def test_failure_rate_by_time_forgets() -> None:
    """With a window by time, failures count no longer when they are old."""
    rule = FailureRate(0.5, TimeWindow(10), 2)
    assert rule.on_result(CALL, ERROR, 100.0) == ""
    assert rule.failures(100.0) == 1

    assert rule.failures(111.0) == 0
    assert rule.on_result(CALL, ERROR, 111.0) == ""
    assert rule.on_result(CALL, ERROR, 112.0) == "2 of the last 2 calls failed"


def test_slow_call_rate_counts_calls_in_flight() -> None:
    """Calls count as slow by their duration when they end, and before that from the moment they are slow."""
    rule = SlowCallRate(0.5, slow_call_s=0.5, window=CountWindow(10), minimum_calls=4)
    assert rule.on_result(Permit(0, 0.0), None, 0.49) == ""
    assert rule.on_result(Permit(0, 0.0), None, 0.5) == ""
    slow = Permit(0, 0.0)

    assert [rule.on_slow(slow, 0.5), rule.on_slow(slow, 0.6)] == ["", ""], "one call counts once"
    assert rule.on_slow(Permit(0, 0.0), 0.5) == "3 of the last 4 calls slower than 0.5 s"
    assert rule.on_result(slow, None, 0.7) == "3 of the last 4 calls slower than 0.5 s"


def test_slow_call_rate_by_time_forgets() -> None:
    """With a window by time, slow calls count no longer when they are old; a share below the rate trips nothing."""
    rule = SlowCallRate(0.5, slow_call_s=0.5, window=TimeWindow(10), minimum_calls=2)
    assert rule.on_result(Permit(0, 100.0), None, 101.0) == ""
    assert rule.on_result(Permit(0, 111.9), None, 112.0) == ""
    assert rule.on_result(Permit(0, 112.1), None, 112.2) == ""
    assert rule.on_slow(Permit(0, 112.0), 112.5) == "", "one of three"
    assert rule.on_slow(Permit(0, 112.0), 112.5) == "2 of the last 4 calls slower than 0.5 s"


def test_slow_call_rate_forgets_ignored_calls() -> None:
    """A call in flight that ends as a rejected request no longer counts."""
    rule = SlowCallRate(0.5, slow_call_s=0.5, window=CountWindow(10), minimum_calls=2)
    slow = Permit(0, 0.0)
    rule.on_slow(slow, 0.5)
    rule.on_ignored(slow)

    assert rule.on_slow(Permit(0, 0.0), 0.5) == ""


def silence(maximum: int, *admitted_at_s: float) -> tuple[SilentDependency, list[Permit]]:
    """Return the rule, for slow calls of 0.5 s, and calls that have begun."""
    rule, calls = SilentDependency(maximum, 0.5), [Permit(0, at_s) for at_s in admitted_at_s]
    for call in calls:
        rule.on_admit(call)
    return rule, calls


def test_silent_dependency_trips_when_the_first_call_is_slow() -> None:
    """One slow call is enough when others wait as well, and nothing has succeeded since it was admitted."""
    rule, (first, *_) = silence(3, 1.0, 1.1, 1.4)
    assert rule.on_slow(first, 1.5) == "3 calls wait, one for 0.5 s, and none has succeeded since it began"


def test_call_that_has_just_begun_says_nothing() -> None:
    """A call counts from a fifth of the slow-call time on, and not when it has failed meanwhile."""
    rule, (first, second, third) = silence(3, 1.0, 1.1, 1.41)
    assert rule.on_slow(first, 1.5) == ""
    assert rule.on_slow(second, 1.6) != ""
    rule.on_result(third, ERROR, 1.65)
    assert rule.on_slow(second, 1.7) == ""


def test_success_speaks_for_the_calls_before_it() -> None:
    """A call that was in flight during a success never counts; calls admitted after it do."""
    rule, (early, other) = silence(2, 1.0, 1.1)
    rule.on_result(CALL, None, 1.2)
    later = [Permit(0, 1.3), Permit(0, 1.4)]
    for call in later:
        rule.on_admit(call)

    assert [rule.on_slow(early, 1.8), rule.on_slow(other, 1.8)] == ["", ""]
    assert rule.on_slow(later[0], 1.8) == "2 calls wait, one for 0.5 s, and none has succeeded since it began"


def test_long_tail_is_not_silence() -> None:
    """With every second call slow but the others well, the slow calls in flight never trip."""
    rule, _ = silence(3)
    for number in range(100):
        call = Permit(0, number * 0.1)
        rule.on_admit(call)
        rule.on_result(CALL, None, number * 0.1 + 0.05)
        assert rule.on_slow(call, number * 0.1 + 0.5) == ""


def test_ignored_call_says_nothing() -> None:
    """A rejected request is no longer in flight, and does not speak for the others."""
    rule, (first, second, third) = silence(2, 1.0, 1.1, 1.2)
    rule.on_ignored(first)
    assert rule.on_slow(first, 1.6) == ""
    rule.on_ignored(third)
    assert rule.on_slow(second, 1.6) == ""


def test_silence_begins_afresh() -> None:
    """After a reset the calls in flight no longer count."""
    rule, (first, _) = silence(2, 1.0, 1.1)
    rule.reset()
    assert rule.on_slow(first, 1.6) == ""


@pytest.mark.parametrize("rule", [ConsecutiveFailures(3), FailureRate(0.5, CountWindow(4), 2)])
def test_rules_about_results_ignore_slow_calls(rule: TripRule) -> None:
    """A slow call is no result."""
    assert [rule.on_slow(CALL, 1.0) for _ in range(5)] == [""] * 5
    assert rule.failures(1.0) == 0


@pytest.mark.parametrize("rule", [ConsecutiveFailures(2), FailureRate(1.0, CountWindow(4), 2)])
def test_reset_forgets_failures(rule: TripRule) -> None:
    """After a reset the rule counts from zero."""
    verdicts(rule, "F")
    rule.reset()

    assert rule.failures(0.0) == 0
    assert verdicts(rule, "F") == [""]


@pytest.mark.parametrize("rule", [SlowCallRate(1.0, 0.5, CountWindow(4), 2)])
def test_reset_forgets_slow_calls(rule: TripRule) -> None:
    """After a reset slow calls of the earlier state no longer count."""
    rule.on_slow(Permit(0, 1.0), 1.5)
    rule.reset()

    assert rule.on_slow(Permit(1, 1.1), 1.6) == ""


def test_settings_choose_the_rules() -> None:
    """Silence trips always; the failure rate replaces consecutive failures, and the rate of slow calls comes on top."""
    by_count, by_rate = trip_rules(BreakerSettings()), trip_rules(BreakerSettings(failure_rate=0.5))
    by_slow_rate = trip_rules(BreakerSettings(failure_rate=0.5, slow_call_rate=0.5))

    assert [type(rule) for rule in by_count] == [SilentDependency, ConsecutiveFailures]
    assert [type(rule) for rule in by_rate] == [SilentDependency, FailureRate]
    assert [type(rule) for rule in by_slow_rate] == [SilentDependency, FailureRate, SlowCallRate]


def test_settings_reach_the_rates() -> None:
    """Rates, window, minimum and slow-call time are those of the settings, and each rate has a window of its own."""
    by_count = BreakerSettings(
        failure_rate=1.0, slow_call_rate=1.0, slow_call_s=2.0, window_calls=3, minimum_calls=2, fail_max=9
    )
    _, failures, slow = trip_rules(by_count)
    assert verdicts(failures, "SFFF") == ["", "", "", "3 of the last 3 calls failed"]
    assert [slow.on_slow(Permit(0, 0.0), 2.0) for _ in range(2)] == ["", "2 of the last 2 calls slower than 2 s"]

    _, by_time = trip_rules(BreakerSettings(failure_rate=1.0, window_s=10.0, minimum_calls=2))
    assert [by_time.on_result(CALL, ERROR, now_s) for now_s in (0.0, 20.0)] == ["", ""]


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
