"""What happened when in a run, made up: the load began at 0 on the monotonic clock."""

from typing import Any

from experiment.run.timeline import Clock, Story, Switch


def clock() -> Clock:
    """Return the clock of a run that began when time began."""
    return Clock(0.0)


def transition(at_s: float, begin: str, to: str, *, late_s: float = 0.0, clock_ahead_s: float = 0.0) -> dict[str, Any]:
    """Return a transition that v2 reported in an answer that took `late_s`; its wall clock may be another."""
    written = f"{at_s + clock_ahead_s:g} s after 1970"
    return {"at": written, "at_s": at_s + late_s, "from": begin, "to": to, "why": f"{to} at {at_s:g}"}


def story(
    fault: tuple[float, float] | None = (10.0, 10.5),
    heal: tuple[float, float] | None = (20.0, 20.5),
    load_ends_s: float = 30.0,
) -> Story:
    """Return a story; the fault came and went between two moments each, ordered and confirmed."""
    return Story(fault and Switch(*fault), heal and Switch(*heal), load_ends_s=load_ends_s, ends_s=load_ends_s + 2)
