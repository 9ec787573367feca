"""Wait for a condition."""

import pytest

from experiment.errors import EnvironmentProblem
from experiment.waiting import wait_until, wait_until_ready


def test_waits_until_the_condition_is_true() -> None:
    """The condition is asked again until it is true."""
    answers = iter([False, "", [], "now"])
    assert wait_until(lambda: next(answers), within_s=60, every_s=0)
    assert list(answers) == []


def test_gives_up_in_time() -> None:
    """A condition that stays false is asked at least once, and the wait then says so."""
    asked: list[None] = []
    assert not wait_until(lambda: asked.append(None), within_s=0)
    assert asked == [None]


def test_problem_of_the_condition_ends_the_wait() -> None:
    """A condition that raises is not asked again."""
    with pytest.raises(ZeroDivisionError):
        wait_until(lambda: 1 / 0, within_s=60)


def test_names_the_service_that_does_not_become_ready() -> None:
    """An address that does not answer in time is an EnvironmentProblem that says why."""
    with pytest.raises(EnvironmentProblem, match="the shop is not ready after 0 s: ConnectionError"):
        wait_until_ready("the shop", "http://127.0.0.1:1/ready", lambda: None, within_s=0)


def test_service_that_dies_ends_the_wait() -> None:
    """What `check_alive` raises is told at once, not after the time for the start."""

    def died() -> None:
        raise EnvironmentProblem("it has died")

    with pytest.raises(EnvironmentProblem, match="it has died"):
        wait_until_ready("the shop", "http://127.0.0.1:1/ready", died, within_s=60)
