"""When a circuit trips by rate, and how long it stays OPEN."""

import pytest

from api_gateway_v2.rules import FailureWindow, Rules, cooldown_s


def test_window_forgets_old_results() -> None:
    """Only the last calls count."""
    window = FailureWindow(Rules(failure_rate=0.5, window_calls=4, minimum_calls=4))
    for failed in (True, True, True, False, False, False):
        window.record(failed=failed)
    assert window.failures == 1


@pytest.mark.parametrize(("failures", "why"), [(4, ""), (5, "5 of the last 10 calls failed")])
def test_rate_trips_from_the_threshold_on(failures: int, why: str) -> None:
    """Half of ten is enough, less is not."""
    window = FailureWindow(Rules(failure_rate=0.5, window_calls=10, minimum_calls=10))
    verdicts = [window.record(failed=n < failures) for n in range(10)]
    assert verdicts[-1] == why
    assert not any(verdicts[:-1])


@pytest.mark.parametrize(
    ("chance", "expected_s"),
    [(0.0, 8.0), (0.5, 10.0), (1.0, 12.0)],
)
def test_jitter_moves_the_cooldown_both_ways(chance: float, expected_s: float) -> None:
    """With jitter 0.2 a cooldown of 10 s is anything from 8 to 12 s."""
    assert cooldown_s(Rules(reset_jitter=0.2), 0, lambda: chance) == pytest.approx(expected_s)


def test_cooldown_longer_than_the_maximum_is_kept() -> None:
    """The maximum bounds the growth, not the cooldown that was asked for."""
    assert cooldown_s(Rules(reset_timeout_s=90, reset_timeout_max_s=60), 0) == 90


def test_many_failed_probes_do_not_overflow() -> None:
    """A dependency that is dead for days meets the maximum."""
    assert cooldown_s(Rules(reset_growth=10), 10_000, lambda: 0.5) == 60
