"""What the benchmarks measure inside one process: the structure of the results, and what does not depend on timing."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.better import better_than_ours
from benchmarks.chart import draw
from benchmarks.late import DROPPED, ONE_PROBE, SERIALIZED, success_after_failed_probe, success_while_open
from benchmarks.micro import costs, spread
from benchmarks.peers import PEERS, Circuitbreaker, Interlock, OurBreaker, PybreakerCall
from benchmarks.results import (
    Benchmark,
    FalseAlarms,
    HalfOpen,
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
    Threads,
)
from benchmarks.tables import print_benchmark
from benchmarks.threads import CALLERS, COOLDOWN_S, half_open
from experiment.results.model import Accounts, Latency, LatencyByOutcome, RouteResult

pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")

LATENCY = Latency(count=4, mean_ms=2, p50_ms=1, p90_ms=3, p95_ms=3, p99_ms=4, p99_9_ms=5, max_ms=5)
SUMMARY = RouteResult(
    accounts=Accounts(scheduled=4, full=1, degraded=1, failed=1, unanswered=1, unsent=0),
    good=2,
    scheduled_per_s=4,
    answered_per_s=3,
    goodput_per_s=2,
    waiting_at_end=1,
    latency=LatencyByOutcome(answered=LATENCY, full=None, degraded=None, failed=None),
)


@pytest.fixture
def benchmark() -> Benchmark:
    """Return results with something in every place."""
    some = spread([1.0, 2.0, 4.0])
    crowd = HalfOpen(ran=1, refused=19, blocked=0, background_probes=0)
    healthy = {"recommendations_s": 0.05, "connections": 32, "requests": 10, "degraded_share": 0.1, "failed": 0}
    return Benchmark(
        quick=True,
        costs=costs(rounds=2, calls=2),
        threads=[Threads(peer="a peer", healthy_s=0.2, half_open=crowd)],
        late_results=[
            LateResults(
                peer="a peer",
                success_while_open=DROPPED,
                failure_while_open=DROPPED,
                failures_after_recovery=DROPPED,
                success_after_failed_probe=ONE_PROBE,
            )
        ],
        false_alarms=[
            FalseAlarms(
                scenario="total hang",
                peer="a peer",
                opened=1,
                good_refused_share=None,
                first_open_s=0.56,
                sick_calls=12,
            )
        ],
        healthy=[
            Healthy(gateway="a gateway", product_s=s, full_per_s=some, p50_ms=some, cpu_ms_per_answer=1.5, **healthy)
            for s in (0.0, 0.02)
        ],
        moderate=[Moderate(gateway="a gateway", rate_per_s=200, load=SUMMARY)],
        needed_hangs=NeededHangs(users=100, fault_to_open_s=0.55, load=SUMMARY, health_slowest_ms=9.5),
        hanging=[Hanging(gateway="a gateway", users=100, duration_s=20, load=SUMMARY, calls=12)],
        reactions=[ReactionRound(slow_call_s=0.5, cooldown_s=2, fault_to_open_s=0.56, open_to_closed_s=2.01)],
        one_connection=OneConnection(product_p50_ms=some, open_p50_ms=some, ratio=some),
        recorder=Recorder(write_us=some, request_us=some, share=some),
        observing=Observing(with_per_s=some, without_per_s=some, lost_share=some, with_cpu_ms=1.25, without_cpu_ms=1.0),
        holding_clients=HoldingClients(
            silent=1500, slow_heads=200, slow_bodies=200, alone=SUMMARY, beside_them=SUMMARY
        ),
    )


def test_every_peer_has_its_cost(benchmark: Benchmark) -> None:
    """Each peer has a cost relative to pybreaker's call(), and the bare function comes first."""
    assert [cost.peer for cost in benchmark.costs] == ["no breaker", *(peer.name for peer in PEERS)]
    assert {cost.peer for cost in benchmark.costs if cost.refused_us is None} == {"no breaker"}
    assert next(cost for cost in benchmark.costs if cost.peer == PybreakerCall.name).closed_ratio == 1


def test_spread_is_the_extremes_and_the_median() -> None:
    """A spread does not depend on the order of its values."""
    measured = spread([3.0, 1.0, 2.0])
    assert (measured.minimum, measured.median, measured.maximum) == (1, 2, 3)


def test_results_survive_the_file(benchmark: Benchmark, tmp_path: Path) -> None:
    """Results are the same after writing and reading, with the versions of all libraries compared."""
    benchmark.write(tmp_path / "benchmark.json")
    read = Benchmark.model_validate_json((tmp_path / "benchmark.json").read_bytes())
    assert read == benchmark
    assert {peer.package for peer in PEERS if peer.package} <= set(read.host.libraries)


def test_same_results_give_the_same_chart(benchmark: Benchmark, tmp_path: Path) -> None:
    """The chart is an SVG file that is the same for the same results."""
    for name in ("one.svg", "two.svg"):
        draw(benchmark, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "<svg" in (tmp_path / "one.svg").read_text(encoding="utf-8")


def test_tables_show_every_peer(benchmark: Benchmark) -> None:
    """The tables on the terminal show every peer and its results."""
    output = io.StringIO()
    print_benchmark(Console(width=160, file=output), benchmark)
    for expected in (*(peer.name for peer in PEERS), DROPPED, ONE_PROBE, "10 %", "0.200"):
        assert expected in output.getvalue()


def test_half_open_differs_between_peers() -> None:
    """Ours probes in the background, a caller of call() blocks the others, and interlock refuses them."""
    ours, call, interlock = (half_open(peer(cooldown_s=COOLDOWN_S)) for peer in (OurBreaker, PybreakerCall, Interlock))
    assert ours == HalfOpen(ran=0, refused=CALLERS, blocked=0, background_probes=1)
    assert call == HalfOpen(ran=1, refused=0, blocked=CALLERS - 1, background_probes=0)
    assert interlock == HalfOpen(ran=1, refused=CALLERS - 1, blocked=0, background_probes=0)


def test_late_success_differs_between_peers() -> None:
    """A late success is dropped by ours, closes circuitbreaker's circuit, and cannot happen with call()."""
    assert success_while_open(OurBreaker()) == DROPPED
    assert success_while_open(Circuitbreaker()) == "closes it"
    assert success_while_open(PybreakerCall()) == SERIALIZED


def test_ours_makes_one_probe_at_a_time() -> None:
    """Ours does not begin a second probe while one runs."""
    assert success_after_failed_probe(OurBreaker(cooldown_s=COOLDOWN_S)) == ONE_PROBE


def test_names_peers_that_are_better(benchmark: Benchmark) -> None:
    """The run names every peer that beats ours, and in what."""
    for cost in benchmark.costs:
        cost.closed_us = spread([1.0 if cost.peer == Circuitbreaker.name else 2.0])
    assert f"a CLOSED call, us: {OurBreaker.name} has 2; better: {Circuitbreaker.name} (1)" in better_than_ours(
        benchmark
    )
