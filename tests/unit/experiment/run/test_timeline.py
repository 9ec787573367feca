"""The clock of a run, and the phases as they were."""

from types import SimpleNamespace

import pytest

from experiment.phases import Phase
from experiment.run import timeline
from experiment.run.timeline import FROM_THE_START, Clock, Story
from support.story import story


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock of a load that began 10 s ago; it is 50 on the monotonic clock."""
    monkeypatch.setattr(timeline, "time", SimpleNamespace(monotonic=lambda: 50.0))
    return Clock(40.0)


def test_clock_counts_from_the_beginning_of_the_load(clock: Clock) -> None:
    """Moments on the monotonic clock, and now."""
    assert (clock.now_s(), clock.of(42.5), clock.of(39.0)) == (10.0, 2.5, -1.0)


@pytest.mark.parametrize(
    ("at_s", "phase"),
    [
        (0.0, Phase.HEALTHY),
        (10.0, Phase.HEALTHY),  # ordered, and not yet confirmed
        (10.499, Phase.HEALTHY),
        (10.5, Phase.FAULT),
        (19.999, Phase.FAULT),
        (20.0, Phase.RECOVERY),  # its removal was ordered: it may be gone at any moment from here on
        (99.0, Phase.RECOVERY),
    ],
)
def test_fault_phase_is_when_the_fault_was_surely_there(at_s: float, phase: Phase) -> None:
    """From when it was confirmed to when its removal was ordered."""
    assert story(fault=(10.0, 10.5), heal=(20.0, 20.5)).phase_of(at_s) is phase


def test_phases_follow_without_gaps() -> None:
    """Each ends where the next begins; the last one with the load, not with the last answers."""
    assert story(load_ends_s=30.0).spans() == {
        Phase.HEALTHY: (0.0, 10.5),
        Phase.FAULT: (10.5, 20.0),
        Phase.RECOVERY: (20.0, 30.0),
    }


@pytest.mark.parametrize(
    ("fault", "heal", "load_ends_s", "spans"),
    [
        (None, None, 4.0, {Phase.HEALTHY: (0.0, 4.0)}),
        ((10.0, 10.5), None, 15.0, {Phase.HEALTHY: (0.0, 10.5), Phase.FAULT: (10.5, 15.0)}),
        ((10.0, 10.5), None, 10.5, {Phase.HEALTHY: (0.0, 10.5)}),
    ],
)
def test_interrupted_run_has_the_phases_that_it_came_to(
    fault: tuple[float, float] | None,
    heal: tuple[float, float] | None,
    load_ends_s: float,
    spans: dict[Phase, tuple[float, float]],
) -> None:
    """The phase in which it was interrupted ends there; what did not come is left out."""
    assert story(fault, heal, load_ends_s).spans() == spans


def test_fault_from_the_start_leaves_no_healthy_phase() -> None:
    """Even for a request that was sent the moment before the clock began: generators begin one after the other."""
    classic = Story(FROM_THE_START, load_ends_s=30.0)
    assert classic.spans() == {Phase.FAULT: (0.0, 30.0)}
    assert {classic.phase_of(at_s) for at_s in (-0.01, 0.0, 29.0)} == {Phase.FAULT}
