"""The measurements as tables on the terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.better import better_than_ours
from benchmarks.results import (
    Benchmark,
    Cost,
    Hanging,
    Healthy,
    LateResults,
    OneConnection,
    ReactionRound,
    Recorder,
    Spread,
    Threads,
)


def print_benchmark(console: Console, benchmark: Benchmark) -> None:
    """Print every measurement."""
    console.print(_costs(benchmark.costs))
    console.print(_threads(benchmark.threads))
    console.print(_late_results(benchmark.late_results))
    for product_s in sorted({result.product_s for result in benchmark.healthy}):
        console.print(_healthy([result for result in benchmark.healthy if result.product_s == product_s]))
    console.print(_hanging(benchmark.hanging))
    console.print(_reactions(benchmark.reactions))
    console.print(_one_connection(benchmark.one_connection))
    console.print(_recorder(benchmark.recorder))
    for line in better_than_ours(benchmark):
        console.print(f"[yellow]not the best[/]  {line}", soft_wrap=True, highlight=False)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=not number)
    for row in rows:
        table.add_row(*row)
    return table


def _range(spread: Spread, digits: int = 2) -> str:
    """Return the median, and where there is more than one value the extremes."""
    low, middle, high = (f"{value:.{digits}f}" for value in (spread.minimum, spread.median, spread.maximum))
    return middle if low == high else f"{middle} ({low}..{high})"


def _costs(costs: list[Cost]) -> Table:
    return _table(
        "One call of a function that does nothing, in microseconds: median (range)",
        ("", "CLOSED", "to call()", "refused", "to call()"),
        [
            (
                cost.peer,
                _range(cost.closed_us),
                f"{cost.closed_ratio:.2f}",
                _range(cost.refused_us) if cost.refused_us else "never",
                "" if cost.refused_ratio is None else f"{cost.refused_ratio:.2f}",
            )
            for cost in costs
        ],
    )


def _threads(threads: list[Threads]) -> Table:
    return _table(
        "20 threads: healthy calls of 0.2 s; and HALF-OPEN, while the probe is still slow",
        ("", "healthy", "ran", "refused", "blocked", "background"),
        [
            (
                one.peer,
                f"{one.healthy_s:.2f} s",
                str(one.half_open.ran),
                str(one.half_open.refused),
                str(one.half_open.blocked),
                str(one.half_open.background_probes),
            )
            for one in threads
        ],
    )


def _late_results(late: list[LateResults]) -> Table:
    return _table(
        "What results do that arrive late; old: of calls begun before the trip",
        (
            "",
            "old success, while OPEN",
            "old failure, while OPEN",
            "old failures, after recovery",
            "probe's success after another's failure",
        ),
        [
            (
                one.peer,
                one.success_while_open,
                one.failure_while_open,
                one.failures_after_recovery,
                one.success_after_failed_probe,
            )
            for one in late
        ],
    )


def _healthy(healthy: list[Healthy]) -> Table:
    first = healthy[0]
    return _table(
        f"{first.connections} connections; recommendations take {first.recommendations_s * 1000:.0f} ms, "
        f"the product {first.product_s * 1000:.0f} ms: median (range) of the rounds",
        ("", "full/s", "p50 ms", "degraded", "failed", "CPU ms/answer"),
        [
            (
                one.gateway,
                _range(one.full_per_s, 0),
                _range(one.p50_ms, 0),
                f"{one.degraded_share:.1%}",
                str(one.failed),
                f"{one.cpu_ms_per_answer:.2f}",
            )
            for one in healthy
        ],
    )


def _hanging(hanging: list[Hanging]) -> Table:
    first = hanging[0]
    return _table(
        f"Recommendations hang; {first.users} users for {first.duration_s:.0f} s; those that wait at the end "
        "count with their wait so far",
        ("", "degraded", "failed", "waiting", "answers/s", "mean ms", "p99 ms", "slowest"),
        [_hanging_row(one) for one in hanging],
    )


def _hanging_row(one: Hanging) -> tuple[str, ...]:
    load = one.load
    counts = (load.accounts.degraded, load.accounts.failed, load.accounts.unanswered)
    latency = load.latency.answered
    times = (latency.mean_ms, latency.p99_ms, latency.max_ms) if latency else ()
    return (one.gateway, *map(str, counts), f"{load.answered_per_s:.1f}", *(f"{ms:,.0f}" for ms in times))


def _reactions(reactions: list[ReactionRound]) -> Table:
    first = reactions[0]
    return _table(
        f"v2 under load: slow-call time {first.slow_call_s:g} s, cooldown {first.cooldown_s:g} s",
        ("", "fault to OPEN", "OPEN to CLOSED, healed at once"),
        [
            (f"round {number}", f"{one.fault_to_open_s:.3f} s", f"{one.open_to_closed_s:.3f} s")
            for number, one in enumerate(reactions, start=1)
        ],
    )


def _one_connection(one: OneConnection) -> Table:
    return _table(
        "One request after the other on one connection: median (range) of the rounds",
        ("", "p50 ms"),
        [
            ("product-service", _range(one.product_p50_ms)),
            ("v2, circuit OPEN", _range(one.open_p50_ms)),
            ("ratio", _range(one.ratio)),
        ],
    )


def _recorder(one: Recorder) -> Table:
    return _table(
        "The load generator writes every request down: processor time, median (range) of the rounds",
        ("", "us a request"),
        [
            ("writing both lines", _range(one.write_us)),
            ("everything", _range(one.request_us, 0)),
            ("share", _range(one.share, 4)),
        ],
    )
