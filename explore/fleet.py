"""Many gateways and one sick dependency: how many calls reach it, second by second.

Each gateway has a circuit of its own, as they share nothing. A sample of them is simulated, and stands for all.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from explore.point import Point
from explore.traffic import Traffic
from explore.twin import Story, simulate

JITTERS = (0.0, 0.5)
SAMPLED = 50  # gateways
WELL_S = 10
HANG_S = 120
SETTLED_S = 20  # after the begin of the hang: each circuit is OPEN


@dataclass(frozen=True, slots=True)
class FleetCalls:
    """What reaches the dependency while it hangs, from all gateways."""

    replicas: int
    jitter: float
    first_calls_per_s: float  # in the first second
    calls_per_s: float  # on average after SETTLED_S, with the probes
    most_calls_per_s: float  # in the worst second after that


def fleet(point: Point, traffic: Traffic, replicas: int, jitter: float) -> FleetCalls:
    """Return what so many gateways do to it, each with this traffic."""
    point = replace(point, reset_jitter=jitter)
    sampled = min(replicas, SAMPLED)
    story = Story.of(traffic.fault, WELL_S, HANG_S, 0.0)
    runs = [simulate(point, traffic, story, seed) for seed in range(sampled)]
    per_s = _per_second(at_s - WELL_S for run in runs for at_s in run.sick_calls_s)
    later, scale = per_s[SETTLED_S:], replicas / sampled
    return FleetCalls(replicas, jitter, per_s[0] * scale, sum(later) / len(later) * scale, max(later) * scale)


def _per_second(times_s: Iterable[float]) -> list[int]:
    counts = Counter(int(time_s) for time_s in times_s)
    return [counts[second] for second in range(HANG_S)]
