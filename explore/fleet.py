"""Many gateways and one sick dependency: how many calls reach it, second by second, until all circuits have closed.

Each gateway has a circuit of its own, as they share nothing. A sample of them is simulated, and stands for all.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from explore.point import Point
from explore.traffic import Fault, Traffic
from explore.twin import Story, simulate
from explore.twin.outcome import Outcome
from explore.twin.story import Episode

JITTERS = (0.0, 0.5)
SAMPLED = 50  # gateways
WELL_S = 10
HANG_S = 120
AFTER_S = 60
HEALS_S = WELL_S + HANG_S
SETTLED_S = 20  # after the start of the hang: each circuit is OPEN


@dataclass(frozen=True, slots=True)
class FleetCalls:
    """What reaches the dependency while it hangs and when it has healed, from all gateways."""

    replicas: int
    jitter: float
    first_calls_per_s: float  # in the first second
    calls_per_s: float  # on average after SETTLED_S, with the probes
    most_calls_per_s: float  # in the worst second after that
    rise_per_s: float  # after it has healed: the steepest rise from one second to the next
    closed_s: float | None  # from its healing until the last circuit has closed; None: not within AFTER_S


def fleet(point: Point, traffic: Traffic, replicas: int, most_sampled: int = SAMPLED, number: int = 0) -> FleetCalls:
    """Return what so many gateways do to it, each with this traffic; at most `most_sampled` are simulated.

    Each `number` is another fleet of that size.
    """
    sampled = min(replicas, most_sampled)
    runs = simulated(point, traffic, sampled, number * sampled)
    per_s = calls_by_second(runs)
    later, after, scale = per_s[SETTLED_S:HANG_S], per_s[HANG_S:], replicas / sampled
    closed_s = [run.closed_s(HEALS_S) for run in runs]
    known_s = [at_s - HEALS_S for at_s in closed_s if at_s is not None]
    return FleetCalls(
        replicas,
        point.reset_jitter,
        first_calls_per_s=per_s[0] * scale,
        calls_per_s=sum(later) / len(later) * scale,
        most_calls_per_s=max(later) * scale,
        rise_per_s=max(b - a for a, b in pairwise(after)) * scale,
        closed_s=round(max(known_s), 3) if len(known_s) == len(runs) else None,
    )


def simulated(point: Point, traffic: Traffic, gateways: int, first_seed: int = 0) -> list[Outcome]:
    """Return what happens to so many gateways while the dependency hangs for HANG_S, and in the AFTER_S after that."""
    ends_s = HEALS_S + AFTER_S
    healed = Episode(HEALS_S, ends_s, Fault())  # nothing is wrong in it, but its calls are noted as in any episode
    story = Story(ends_s, (Episode(WELL_S, HEALS_S, traffic.fault), healed))
    return [simulate(point, traffic, story, seed) for seed in range(first_seed, first_seed + gateways)]


def calls_by_second(runs: Iterable[Outcome]) -> list[int]:
    """Return how many calls reach the dependency in each second from the start of the hang, from all these gateways."""
    counts = Counter(int(at_s - WELL_S) for run in runs for at_s in run.sick_calls_s)
    return [counts[second] for second in range(HANG_S + AFTER_S)]
