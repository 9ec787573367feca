"""The shop's own settings."""

import pytest

from explore.own_settings import own_point
from explore.point import Point


def test_without_variables_it_has_the_defaults() -> None:
    """Only the deadline is the command's, and no call is slow beyond it."""
    assert own_point(2.0) == Point()
    assert own_point(0.25) == Point(deadline_s=0.25, slow_call_s=0.25)


def test_variables_are_those_of_the_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a point names as its environment, it is read from."""
    point = Point(
        fail_max=7, trip_policy="slow-call-rate", window_calls=50, reset_timeout_s=3.5, bulkhead_counts="all", threads=8
    )
    for name, value in point.environment.items():
        monkeypatch.setenv(name, value)
    assert own_point(2.0) == point


def test_bad_variable_gets_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the line that the gateway would print."""
    monkeypatch.setenv("BREAKER_FAIL_MAX", "0")
    with pytest.raises(SystemExit):
        own_point(2.0)
    assert "BREAKER_FAIL_MAX" in capsys.readouterr().err
