"""The tables of docs/scaling.md: `python -m explore.scaling` prints them, in four minutes."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from statistics import median

from explore.fleet import FleetCalls, fleet
from explore.latency import QuantileLatency
from explore.point import Point
from explore.probes import all_closed_s
from explore.traffic import HANG, Traffic
from explore.twin import Story, simulate

REPLICAS = (10, 100, 1_000, 10_000)
TRAFFIC = Traffic(5.0, QuantileLatency({0.5: 0.02, 0.99: 0.3}))  # of each gateway
PLAIN = Point()
JITTER = replace(PLAIN, reset_jitter=0.5)
RAMP = replace(JITTER, ramp_s=10.0)
CAPACITIES_PER_S = (5, 50, 500)
GROWING = replace(JITTER, reset_growth=2.0)
FLEET_SAMPLED = 200
MOST = 1_000_000
# the shop's own load, divided among its replicas: 100 users with a page every 1.5 s, of which 80 % are products
SHOP_PER_S = 100 / 1.5 * 0.8
SHOP_LATENCY = QuantileLatency({0.5: 0.01, 0.99: 0.1})
SHOP_REPLICAS = (1, 2, 3, 4)
SHOP_STORY = Story.of(HANG, 8.0, 30.0, 17.0)  # as `run_demo.py --phases healthy=8,fault=30,recovery=17`
FLEETS = 20
SMALL_FLEETS = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which a fleet probes."""

    name: str
    point: Point
    is_elected: bool = False  # one gateway probes for all, and all circuits close with its own


KINDS = (
    Kind("as it is: always 10 s", PLAIN),
    Kind("jitter 0.5", JITTER),
    Kind("jitter 0.5, ramp 10 s", RAMP),
    Kind("one elected probe", PLAIN, is_elected=True),
    Kind("one elected probe, ramp 10 s", replace(PLAIN, ramp_s=10.0), is_elected=True),
)


def main() -> None:
    """Print the tables."""
    for line in (*_shop_lines(), "", *_fleet_lines(), "", *_probe_lines()):
        print(line)


def _shop_lines() -> Iterator[str]:
    yield from _header("replicas", "calls in the fault", "last OPEN", "last CLOSED")
    for replicas in SHOP_REPLICAS:
        fleets = [_shop(replicas, number) for number in range(FLEETS)]
        calls, opened_s, closed_s = (sorted(found) for found in zip(*fleets, strict=True))
        yield _row(f"{replicas}", _range(calls, 0), f"{_range(opened_s, 2)} s", f"{_range(closed_s, 1)} s")


def _shop(replicas: int, number: int) -> tuple[float, float, float]:
    """Return what a fleet of the shop does: calls that reach the sick service, and when its last circuit changes."""
    traffic, healed_s = Traffic(SHOP_PER_S / replicas, SHOP_LATENCY), SHOP_STORY.healed_s
    begins_s = SHOP_STORY.episodes[0].begins_s
    runs = [simulate(PLAIN, traffic, SHOP_STORY, seed) for seed in range(number * replicas, (number + 1) * replicas)]
    opened_s = max(min(run.trips_s(begins_s), default=math.inf) for run in runs)
    closed_s = max(run.closed_s(healed_s) or math.inf for run in runs)
    return sum(len(run.sick_calls_s) for run in runs), opened_s - begins_s, closed_s - healed_s


def shop_calls(replicas: int, number: int) -> float:
    """Return how many calls of a fleet of the shop reach the sick service; each number is another fleet."""
    return _shop(replicas, number)[0]


def _range(found: Sequence[float], digits: int) -> str:
    return f"{found[0]:.{digits}f} to {found[-1]:.{digits}f}"


def _fleet_lines() -> Iterator[str]:
    yield from _header("gateways", "cooldown", "first second", "later", "worst second", "steepest rise", "all CLOSED")
    for replicas in REPLICAS:
        for kind in KINDS:
            calls = typical(kind.point, replicas)
            one = _scaled(calls, 1) if kind.is_elected else calls
            yield _row(
                f"{replicas:,}",
                kind.name,
                _number(calls.first_calls_per_s),
                _number(one.calls_per_s),
                _number(1.0 if kind.is_elected else calls.most_calls_per_s),
                _number(calls.rise_per_s),
                f"{calls.closed_s or 0:.1f} s",
            )


@cache
def typical(point: Point, replicas: int) -> FleetCalls:
    """Return what a fleet of this size does. The worst second of small ones depends on chance: of them, the medians."""
    if replicas > FLEET_SAMPLED:
        return _scaled(_sampled(point), replicas)
    fleets = [fleet(point, TRAFFIC, replicas, FLEET_SAMPLED, number) for number in range(SMALL_FLEETS)]
    measured = (field.name for field in fields(FleetCalls) if field.name not in ("replicas", "jitter"))
    medians = {name: median(getattr(one, name) or math.inf for one in fleets) for name in measured}
    return FleetCalls(replicas, point.reset_jitter, **medians)


@cache
def _sampled(point: Point) -> FleetCalls:
    return fleet(point, TRAFFIC, max(REPLICAS), FLEET_SAMPLED)


def _scaled(calls: FleetCalls, replicas: int) -> FleetCalls:
    """Return the same for another number of gateways: they share nothing, so that each does what it does alone."""
    share = replicas / calls.replicas
    scaled = {name: getattr(calls, name) * share for name in ("first_calls_per_s", "calls_per_s", "most_calls_per_s")}
    return replace(calls, replicas=replicas, rise_per_s=calls.rise_per_s * share, **scaled)


def _probe_lines() -> Iterator[str]:
    yield from _header("capacity of the service", "always 10 s", "jitter 0.5", "jitter 0.5, doubled up to 60 s")
    for capacity_per_s in CAPACITIES_PER_S:
        most = (most_that_recover(point, capacity_per_s) for point in (PLAIN, JITTER, GROWING))
        yield _row(f"{capacity_per_s:,} calls/s", *(f"{_two_digits(found):,}" for found in most))


def _two_digits(found: int) -> int:
    return round(found, 1 - int(math.log10(found)))


def most_that_recover(point: Point, capacity_per_s: float) -> int:
    """Return about the largest number of gateways whose probes do not keep the service down, to two digits."""

    def recovers(replicas: int) -> bool:
        return all_closed_s(point, replicas, capacity_per_s) is not None

    return _last(recovers)


def _last(holds: Callable[[int], bool]) -> int:
    """Return about the largest number for which something holds that does not hold for larger ones."""
    low, high = 1, 2
    while holds(high) and high < MOST:
        low, high = high, 2 * high
    while high - low > max(1, low // 50):
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"  # noqa: PLR2004 - digits


def _header(*names: str) -> Iterable[str]:
    return (_row(*names), "|---" * len(names) + "|")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
