"""Where another breaker does better than ours: the run itself says so, and nobody has to look for it."""

from collections.abc import Iterable

from benchmarks.peers import OurBreaker, OurGuard
from benchmarks.results import Benchmark
from benchmarks.under_test.registry import GUARD
from report.quantities import milliseconds, significant

BEYOND_NOISE = 1.1  # runs of this length cannot tell a smaller difference from chance


def better_than_ours(benchmark: Benchmark) -> list[str]:
    """Return a line for each measurement in which ours is not the best."""
    costs = benchmark.costs[1:]  # without the bare function
    closed = [(cost.peer, cost.closed_us.median) for cost in costs]
    refused = [(cost.peer, cost.refused_us.median) for cost in costs if cost.refused_us]
    lines = []
    for ours in (OurBreaker.name, OurGuard.name):
        lines.append(_line("a CLOSED call, us", ours, closed, low_is_good=True))
        lines.append(_line("a refused call, us", ours, refused, low_is_good=True))
    for product_s in sorted({one.product_s for one in benchmark.healthy}):
        rates = [(one.gateway, one.full_per_s.median) for one in benchmark.healthy if one.product_s == product_s]
        lines.append(
            _line(f"full answers/s, product {milliseconds(product_s * 1000)}", GUARD.name, rates, low_is_good=False)
        )
    means = [(one.gateway, mean.mean_ms) for one in benchmark.hanging if (mean := one.load.latency.answered)]
    lines.append(_line("mean ms while recommendations hang", GUARD.name, means, low_is_good=True))
    return [line for line in lines if line]


def _line(what: str, ours: str, values: Iterable[tuple[str, float]], *, low_is_good: bool) -> str:
    by_name = dict(values)
    reference = by_name.pop(ours, None)
    if reference is None:
        return ""
    better = [
        f"{name} ({significant(value)})"
        for name, value in by_name.items()
        if (value * BEYOND_NOISE < reference if low_is_good else value > reference * BEYOND_NOISE) and not is_ours(name)
    ]
    return f"{what}: {ours} has {significant(reference)}; better: {', '.join(better)}" if better else ""


def is_ours(name: str) -> bool:
    """Return whether it is the name of our breaker, our guard, or a gateway with it."""
    return name.startswith(("ours", GUARD.name))
