"""The clock of a run, and when its phases began and ended."""

import time
from dataclasses import dataclass, field

from experiment.phases import Phase


@dataclass(frozen=True, slots=True)
class Switch:
    """The injection or removal of the fault: when it was ordered and confirmed, in seconds since the load began."""

    ordered_s: float
    done_s: float


FROM_THE_START = Switch(0.0, 0.0)


@dataclass(slots=True)
class Clock:
    """Seconds since the load began; `began_at` is on the monotonic clock."""

    began_at: float = field(default_factory=time.monotonic)

    def now_s(self) -> float:
        """Return the current time in seconds of the run."""
        return self.of(time.monotonic())

    def of(self, at: float) -> float:
        """Convert a moment on the monotonic clock to seconds of the run."""
        return at - self.began_at


@dataclass(slots=True)
class Story:
    """The phases as they happened. The fault phase is from the fault's confirmation to the order to remove it."""

    fault: Switch | None = None
    heal: Switch | None = None
    load_ends_s: float = 0.0
    ends_s: float = 0.0  # when the run stopped waiting for the last answers

    def phase_of(self, at_s: float) -> Phase:
        """Return the phase of a moment; the first one for moments just before 0, since generators begin in turn."""
        if self.heal and at_s >= self.heal.ordered_s:
            return Phase.RECOVERY
        return Phase.FAULT if self.fault and max(0.0, at_s) >= self.fault.done_s else Phase.HEALTHY

    def spans(self) -> dict[Phase, tuple[float, float]]:
        """Return the begin and end of each phase that the run reached."""
        cuts = {Phase.HEALTHY: 0.0}
        if self.fault:
            cuts[Phase.FAULT] = self.fault.done_s
        if self.heal:
            cuts[Phase.RECOVERY] = self.heal.ordered_s
        ends = [*list(cuts.values())[1:], self.load_ends_s]
        return {phase: (begin, end) for (phase, begin), end in zip(cuts.items(), ends, strict=True) if end > begin}
