"""The five measures, as the page names and words them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from explore.model import Does
from report.quantities import number, seconds, share, significant

FEW = 10  # false alarms: a rate from so few would be a guess, so the count itself is shown
NEVER = "not always"
OPEN = "open already"  # a false alarm had come before the hang: nobody waits, as nobody gets anything


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure."""

    name: str  # a field of Does
    title: str
    text: Callable[[Does], str]
    tick: Callable[[float], str]  # a value at an axis
    none: str  # what its zero stands for

    def value(self, does: Does) -> float | None:
        """Return the measure of a point; None: it did not happen."""
        value: float | None = getattr(does, self.name)
        return value


def alarms(does: Does) -> str:
    """Return how many false alarms there were: the rate, or the count when it is small."""
    if does.false_alarms >= FEW:
        return f"{significant(does.false_alarms_per_day)} a day"
    counted = does.false_alarms or "none"
    return f"{counted} in {number(does.well_s / 60)} min (at most {math.ceil(does.false_alarms_per_day_most):,} a day)"


def protection(does: Does) -> str:
    """Return how fast a hang opens the circuit."""
    return OPEN if does.protect_s == 0 else _time(does.protect_s)


def _time(value_s: float | None) -> str:
    return NEVER if value_s is None else seconds(value_s, 2)


MEASURES = (
    Measured("protect_s", "time to protect", protection, lambda s: f"{s:g} s", OPEN),
    Measured("false_alarms_per_day", "false alarms a day", alarms, number, "none seen"),
    Measured("recover_s", "time to recover", lambda does: _time(does.recover_s), lambda s: f"{s:g} s", "at once"),
    Measured(
        "good_refused_share",
        "good answers refused",
        lambda does: share(does.good_refused_share),
        lambda value: f"{100 * value:g} %",
        "none",
    ),
    Measured(
        "sick_calls_per_s",
        "calls/s to a sick dependency",
        lambda does: significant(does.sick_calls_per_s),
        number,
        "none",
    ),
)
