"""The measurements as tables on the terminal."""

from collections.abc import Iterator

from rich.console import Console

from benchmarks.better import better_than_ours
from benchmarks.results import (
    Benchmark,
    Cost,
    FalseAlarms,
    Hanging,
    Healthy,
    HoldingClients,
    LateResults,
    Moderate,
    NeededHangs,
    Observing,
    OneConnection,
    ReactionRound,
    Recorder,
    Spread,
    Threads,
)
from experiment.results.model import RouteResult
from report.quantities import count, milliseconds, number, seconds, share
from report.table.model import Table
from report.table.terminal import rich_table


def print_benchmark(console: Console, benchmark: Benchmark) -> None:
    """Print every measurement."""
    for table in _tables(benchmark):
        console.print(rich_table(table))
    for line in better_than_ours(benchmark):
        console.print(f"[yellow]not the best[/]  {line}", soft_wrap=True, highlight=False)


def _tables(benchmark: Benchmark) -> Iterator[Table]:
    yield _costs(benchmark.costs)
    yield _threads(benchmark.threads)
    yield _late_results(benchmark.late_results)
    yield _false_alarms(benchmark.false_alarms)
    for product_s in sorted({result.product_s for result in benchmark.healthy}):
        yield _healthy([result for result in benchmark.healthy if result.product_s == product_s])
    yield _moderate(benchmark.moderate)
    yield _hanging(benchmark.hanging)
    yield _needed_hangs(benchmark.needed_hangs)
    yield _reactions(benchmark.reactions)
    yield _one_connection(benchmark.one_connection)
    yield _recorder(benchmark.recorder)
    yield _observing(benchmark.observing)
    yield _holding_clients(benchmark.holding_clients)


def _range(spread: Spread, digits: int = 2) -> str:
    """Return the median, and where there is more than one value the extremes."""
    low, middle, high = (number(value, digits) for value in (spread.minimum, spread.median, spread.maximum))
    return middle if low == high else f"{middle} ({low}..{high})"


def _costs(costs: list[Cost]) -> Table:
    return Table(
        "One call of a function that does nothing, in microseconds: median (range)",
        ("", "CLOSED", "to call()", "refused", "to call()"),
        [
            (
                cost.peer,
                _range(cost.closed_us),
                number(cost.closed_ratio, 2),
                _range(cost.refused_us) if cost.refused_us else "never",
                "" if cost.refused_ratio is None else number(cost.refused_ratio, 2),
            )
            for cost in costs
        ],
    )


def _threads(threads: list[Threads]) -> Table:
    return Table(
        "20 threads: healthy calls of 0.2 s; and HALF-OPEN, while the probe is still slow",
        ("", "healthy", "ran", "refused", "blocked", "background"),
        [
            (
                one.peer,
                seconds(one.healthy_s, 2),
                count(one.half_open.ran),
                count(one.half_open.refused),
                count(one.half_open.blocked),
                count(one.half_open.background_probes),
            )
            for one in threads
        ],
    )


def _late_results(late: list[LateResults]) -> Table:
    columns = (
        "",
        "old success, while OPEN",
        "old failure, while OPEN",
        "old failures, after recovery",
        "probe's success after another's failure",
    )
    rows = [
        (
            one.peer,
            one.success_while_open,
            one.failure_while_open,
            one.failures_after_recovery,
            one.success_after_failed_probe,
        )
        for one in late
    ]
    title = "What late results do; old: from calls begun before the trip"
    return Table(title, columns, rows, text_columns=range(len(columns)))


def _false_alarms(results: list[FalseAlarms]) -> Table:
    return Table(
        "The same calls to each breaker, 46 a second; it opens, and refuses answers that would have been good",
        ("", "", "opened", "good answers refused", "first OPEN after", "calls to the sick service"),
        [
            (
                result.scenario,
                result.peer,
                count(result.opened),
                "-" if result.good_refused_share is None else share(result.good_refused_share),
                "-" if result.first_open_s is None else seconds(result.first_open_s),
                count(result.sick_calls),
            )
            for result in results
        ],
    )


def _healthy(healthy: list[Healthy]) -> Table:
    first = healthy[0]
    return Table(
        f"{first.connections} connections; recommendations take {milliseconds(first.recommendations_s * 1000)}, "
        f"the product {milliseconds(first.product_s * 1000)}: median (range) of the rounds",
        ("", "full/s", "p50 ms", "degraded", "failed", "CPU ms/answer"),
        [
            (
                one.gateway,
                _range(one.full_per_s, 0),
                _range(one.p50_ms, 0),
                share(one.degraded_share),
                count(one.failed),
                number(one.cpu_ms_per_answer, 2),
            )
            for one in healthy
        ],
    )


def _moderate(moderate: list[Moderate]) -> Table:
    return Table(
        f"Healthy, {number(moderate[0].rate_per_s, 0)} requests/s at random; recommendations take 50 ms",
        ("", "p50 ms", "p99 ms", "degraded", "failed"),
        [
            (
                one.gateway,
                *(number(ms, 1) for ms in ((latency.p50_ms, latency.p99_ms) if latency else ())),
                count(one.load.accounts.degraded),
                count(one.load.accounts.failed + one.load.accounts.unanswered),
            )
            for one in moderate
            for latency in [one.load.latency.answered]
        ],
    )


def _needed_hangs(result: NeededHangs) -> Table:
    refused = result.load.latency.answered
    return Table(
        f"v2 while the product service hangs; {result.users} users",
        ("fault to OPEN", "refused", "slowest refusal", "slowest /health"),
        [
            (
                seconds(result.fault_to_open_s, 3),
                count(result.load.accounts.failed),
                milliseconds(refused.max_ms) if refused else "-",
                milliseconds(result.health_slowest_ms),
            )
        ],
    )


def _hanging(hanging: list[Hanging]) -> Table:
    first = hanging[0]
    return Table(
        f"Recommendations hang; {first.users} users for {seconds(first.duration_s)}; requests still waiting at the end "
        "count with their wait so far",
        ("", "degraded", "failed", "waiting", "calls made", "answers/s", "mean ms", "p99 ms", "slowest"),
        [_hanging_row(one) for one in hanging],
    )


def _hanging_row(one: Hanging) -> tuple[str, ...]:
    load = one.load
    counts = (load.accounts.degraded, load.accounts.failed, load.accounts.unanswered, one.calls)
    latency = load.latency.answered
    times_ms = (latency.mean_ms, latency.p99_ms, latency.max_ms) if latency else ()
    return (one.gateway, *map(count, counts), number(load.answered_per_s, 1), *(number(ms, 0) for ms in times_ms))


def _reactions(reactions: list[ReactionRound]) -> Table:
    first = reactions[0]
    return Table(
        f"v2 under load: slow-call time {seconds(first.slow_call_s)}, cooldown {seconds(first.cooldown_s)}",
        ("", "fault to OPEN", "OPEN to CLOSED, healed at once"),
        [
            (f"round {round_number}", seconds(one.fault_to_open_s, 3), seconds(one.open_to_closed_s, 3))
            for round_number, one in enumerate(reactions, start=1)
        ],
    )


def _one_connection(one: OneConnection) -> Table:
    return Table(
        "One request after the other on one connection: median (range) of the rounds",
        ("", "p50 ms"),
        [
            ("product-service", _range(one.product_p50_ms)),
            ("v2, circuit OPEN", _range(one.open_p50_ms)),
            ("ratio", _range(one.ratio)),
        ],
    )


def _recorder(one: Recorder) -> Table:
    return Table(
        "The load generator logs every request: processor time, median (range) of the rounds",
        ("", "us a request"),
        [
            ("writing both lines", _range(one.write_us)),
            ("everything", _range(one.request_us, 0)),
            ("share", _range(one.share, 4)),
        ],
    )


def _observing(one: Observing) -> Table:
    return Table(
        "v2, circuit OPEN: what its metrics and its log cost; median (range) of the rounds",
        ("", "answers/s", "CPU ms/answer"),
        [
            ("with both", _range(one.with_per_s, 0), number(one.with_cpu_ms, 3)),
            ("without", _range(one.without_per_s, 0), number(one.without_cpu_ms, 3)),
            ("cost, as a share", _range(one.lost_share, 3), number(1 - one.without_cpu_ms / one.with_cpu_ms, 3)),
        ],
    )


def _holding_clients(one: HoldingClients) -> Table:
    return Table(
        f"v2's product pages beside {one.silent:,} silent connections, {one.slow_heads} that drip a head and "
        f"{one.slow_bodies} that drip a body",
        ("", "answered", "failed", "p50 ms", "p99 ms", "slowest"),
        [_pages_row("alone", one.alone), _pages_row("beside them", one.beside_them)],
    )


def _pages_row(name: str, pages: RouteResult) -> tuple[str, ...]:
    accounts, latency = pages.accounts, pages.latency.answered
    times_ms = (latency.p50_ms, latency.p99_ms, latency.max_ms) if latency else ()
    return (name, count(accounts.full + accounts.degraded), count(accounts.failed), *(number(ms, 1) for ms in times_ms))
