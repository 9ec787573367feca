"""What happened when in a run, made up: the load began at 0 on the monotonic clock and on the wall clock."""

from datetime import UTC, datetime

from experiment.run.timeline import Clock, Story, Switch


def clock() -> Clock:
    """Return the clock of a run that began when time began."""
    made = Clock(0.0)
    made._wall_began_at = 0.0
    return made


def wall(at_s: float) -> str:
    """Return a moment of the run as services write it."""
    return datetime.fromtimestamp(at_s, UTC).isoformat()


def story(
    fault: tuple[float, float] | None = (10.0, 10.5),
    heal: tuple[float, float] | None = (20.0, 20.5),
    load_ends_s: float = 30.0,
) -> Story:
    """Return a story; the fault came and went between two moments each, ordered and confirmed."""
    return Story(fault and Switch(*fault), heal and Switch(*heal), load_ends_s=load_ends_s, ends_s=load_ends_s + 2)
