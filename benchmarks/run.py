"""`run_demo.py bench`: measure everything, print the results, and write them to results/."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.chart import draw
from benchmarks.false_alarms import false_alarms
from benchmarks.gateways import Sizes, gateways
from benchmarks.holding_clients import holding_clients
from benchmarks.late import late_results
from benchmarks.micro import costs
from benchmarks.needed import needed_hangs
from benchmarks.observing import observing
from benchmarks.one_connection import one_connection
from benchmarks.reaction import reactions
from benchmarks.recorder import recorder
from benchmarks.results import Benchmark
from benchmarks.tables import print_benchmark
from benchmarks.threads import threads
from benchmarks.under_test.registry import GatewayUnderTest
from experiment.paths import ROOT
from report.console import stdout_console

RESULTS = ROOT / "results"
JSON = RESULTS / "benchmark.json"
CHART = RESULTS / "benchmark.svg"


@dataclass(frozen=True, slots=True)
class BenchmarkPlan:
    """How much to measure."""

    cost_rounds: int
    false_alarms_s: float  # each scenario
    sizes: Sizes
    reaction_rounds: int
    observing_rounds: int


FULL = BenchmarkPlan(
    cost_rounds=100,
    false_alarms_s=20.0,
    sizes=Sizes(healthy_rounds=3, healthy_s=1.5, hanging_s=20.0),
    reaction_rounds=5,
    observing_rounds=60,
)
WIDTH = 140  # of the tables, when the output is not a terminal
QUICK = BenchmarkPlan(
    cost_rounds=20,
    false_alarms_s=3.0,
    sizes=Sizes(healthy_rounds=1, healthy_s=1.0, hanging_s=4.0),
    reaction_rounds=1,
    observing_rounds=10,
)


def run(compared: Sequence[GatewayUnderTest], *, quick: bool) -> int:
    """Run the benchmarks, with these gateways; return 0."""
    console = stdout_console()
    if not console.is_terminal:
        console.width = WIDTH
    plan = QUICK if quick else FULL
    RESULTS.mkdir(exist_ok=True)
    console.print("cost of a call ...")
    cost = costs(plan.cost_rounds)
    console.print("many threads at once ...")
    crowds, late = threads(), late_results()
    console.print("false alarms ...")
    alarms = false_alarms(plan.false_alarms_s)
    healthy, moderate, hanging = gateways(plan.sizes, RESULTS / "logs", console, compared)
    benchmark = Benchmark(
        quick=quick,
        costs=cost,
        threads=crowds,
        late_results=late,
        false_alarms=alarms,
        healthy=healthy,
        moderate=moderate,
        hanging=hanging,
        needed_hangs=needed_hangs(RESULTS / "logs", console),
        reactions=reactions(plan.reaction_rounds, RESULTS / "logs", console),
        one_connection=one_connection(plan.reaction_rounds, RESULTS / "logs", console),
        recorder=recorder(plan.reaction_rounds, RESULTS / "logs", console),
        observing=observing(plan.observing_rounds, RESULTS / "logs", console),
        holding_clients=holding_clients(RESULTS / "logs", console),
    )
    benchmark.write(JSON)
    draw(benchmark, CHART)
    print_benchmark(console, benchmark)
    console.print(f"Written: {JSON} and {CHART.name}", soft_wrap=True)
    return 0
