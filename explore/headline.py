"""What today's settings do with this traffic, in one sentence, and the best that was found beside them."""

from explore.model import Does, Exploration

DAY_S = 86_400.0
SPANS = ((1.0, "a second"), (60.0, "a minute"), (3600.0, "an hour"), (DAY_S, "a day"))


def headline(found: Exploration) -> str:
    """Return the sentence about the settings that the shop has."""
    fault = found.traffic.fault
    return f"With today's settings, this traffic {alarms(found.defaults.does)}; {noticed(found.defaults.does, fault)}."


def alarms(does: Does) -> str:
    """Return how often the circuit trips without cause."""
    if does.false_alarms == 0:
        return f"does not trip the circuit without cause (none in {_length(does.well_s)}; {_most(does)})"
    return f"trips the circuit without cause about {often(does.false_alarms_per_day)}"


def noticed(does: Does, fault: str) -> str:
    """Return how fast the fault is noticed, and its end."""
    named = {"hang": "a hang"}.get(fault, f"the fault {fault}")
    if does.protect_s is None:
        return f"{named} is not always noticed while it lasts"
    opened = f"{named} opens it after {does.protect_s:.2f} s"
    if does.recover_s is None:
        return f"{opened}, and it does not always close again"
    return f"{opened}, and it closes {does.recover_s:.1f} s after its end"


def often(per_day: float) -> str:
    """Return a rate in the unit that makes it a number from 1 on, or a day."""
    for span_s, unit in SPANS:
        times = per_day * span_s / DAY_S
        if times >= 1 or span_s == DAY_S:
            return f"{times:.3g} times {unit}"
    raise AssertionError


def _most(does: Does) -> str:
    return f"at most {often(does.false_alarms_per_day_most)}, at 95 %"


def _length(seconds: float) -> str:
    return f"{seconds / 60:.0f} simulated minutes"
