"""The command line: the plan that its options make, and what it rejects."""

from collections.abc import Sequence

import pytest

from demo import cli
from demo.commands import compare, matrix
from experiment.errors import UsageError
from experiment.phases import Phase
from experiment.plan import PHASES_S, QUICK_S, Closed, Open, Plan, Workers, phases_lasting
from matrix.plan import FAULTS, QUICK_FAULTS, QUICK_GATEWAYS, MatrixPlan


def plan(*options: str) -> Plan:
    """Return the plan that these options of `compare` make."""
    return compare.plan_of(cli._parser().parse_args(["compare", *options]))


def test_defaults_are_the_documented_ones() -> None:
    """Without options the plan is 100 users, 15 + 40 + 45 s, seed 1, one run on local processes, printed as text."""
    assert plan() == Plan({Phase.HEALTHY: 15, Phase.FAULT: 40, Phase.RECOVERY: 45}, Closed(100), 1)
    arguments = cli._parser().parse_args(["compare"])
    assert (arguments.repeat, arguments.engine, arguments.json) == (1, "local", False)


def test_command_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command line without a command runs `compare`."""
    monkeypatch.setattr(compare, "run", lambda arguments: arguments.seed)
    assert (cli._run([]), cli._run(["--seed", "7"]), cli._run(["compare", "--seed", "8"])) == (1, 7, 8)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--quick",), Plan(phases_lasting(QUICK_S), Closed(100), 1)),
        (("--duration", "60"), Plan({Phase.HEALTHY: 9, Phase.FAULT: 24, Phase.RECOVERY: 27}, Closed(100), 1)),
        (("--classic",), Plan({Phase.FAULT: 120}, Closed(100, 10), 1)),
        (("--classic", "--duration", "30"), Plan({Phase.FAULT: 30}, Closed(100, 10), 1)),
        (("--arrival-rate", "50"), Plan(PHASES_S, Open(50), 1)),
        (("--users", "7", "--seed", "42"), Plan(PHASES_S, Closed(7), 42)),
        (("--load-workers", "4"), Plan(PHASES_S, Closed(100), 1, workers=Workers(4))),
        (("--load-workers=16", "--load-port=5557"), Plan(PHASES_S, Closed(100), 1, workers=Workers(16, 5557))),
        (("--fault", "error"), Plan(PHASES_S, Closed(100), 1, ("error",))),
        (("--fault", "error", "--fault", "product:slow"), Plan(PHASES_S, Closed(100), 1, ("error", "product:slow"))),
        (("--phases", "fault=20"), Plan({Phase.FAULT: 20}, Closed(100), 1)),
        (("--phases", "recovery=20,fault=5"), Plan({Phase.FAULT: 5, Phase.RECOVERY: 20}, Closed(100), 1)),
    ],
)
def test_options_make_the_plan(options: tuple[str, ...], expected: Plan) -> None:
    """Each option for length and load changes the plan, and phases keep their order."""
    assert plan(*options) == expected
    assert list(plan(*options).phases_s) == list(expected.phases_s)


@pytest.mark.parametrize(
    ("option", "text", "allowed"),
    [
        ("--users", "0", "from 1 to 1000"),
        ("--users", "1001", "from 1 to 1000"),
        ("--users", "1.5", "from 1 to 1000"),
        ("--arrival-rate", "٣", "from 1 to 1000"),
        ("--duration", "4", "from 5 to 3600"),
        ("--seed", "-1", "from 0 to 999999999"),
        ("--repeat", "101", "from 1 to 100"),
        ("--load-workers", "0", "from 1 to 16"),
        ("--load-workers", "17", "from 1 to 16"),
        ("--load-port", "65535", "from 1 to 65534"),
        ("--replicas", "10", "from 1 to 9"),
    ],
)
def test_rejects_number_out_of_range(option: str, text: str, allowed: str) -> None:
    """A number out of range is rejected with the option, the value and what is allowed."""
    with pytest.raises(UsageError, match=f"argument {option}: '{text}' is not a whole number {allowed} "):
        plan(f"{option}={text}")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("well=5", "'well=5': expected healthy, fault or recovery, each at most once"),
        ("fault=5,fault=6", "'fault=6': expected healthy, fault"),
        ("fault=5,", "'': expected healthy, fault"),
        ("fault", "'' is not a whole number from 1 to 3600"),
        ("fault=3601", "'3601' is not a whole number from 1 to 3600"),
        ("healthy=5,recovery=5", "recovery needs a fault to recover from"),
    ],
)
def test_rejects_invalid_phases(spec: str, text: str) -> None:
    """Invalid phases are rejected in one line with the wrong part and what is allowed."""
    with pytest.raises(UsageError) as refused:
        plan(f"--phases={spec}")
    assert f"argument --phases: {text}" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("--quick --duration 60", "--duration and --quick contradict each other"),
        ("--duration 60 --phases fault=9", "--phases and --duration contradict each other"),
        ("--classic --duration 60 --quick", "--duration and --quick and --classic contradict each other"),
        ("--load-port 5557", "--load-port needs --load-workers: how many to wait for"),
        ("--load-workers 2 --load-port 5557 --repeat 2", "--load-port and --repeat contradict each other"),
        ("--load-workers 4 --users 3", "4 workers can't share 3 users"),
        ("--users 100 --arrival-rate 5", "argument --arrival-rate: not allowed with argument --users"),
    ],
)
def test_rejects_contradiction(options: str, text: str) -> None:
    """Options that contradict each other are rejected by name, even where one repeats a default."""
    with pytest.raises(UsageError, match=text):
        plan(*options.split())


@pytest.mark.parametrize("option", ["--soak", "--load"])
def test_rejects_other_measurements_of_the_mesh(option: str) -> None:
    """The soak is of v2 alone, and the load's ceiling of no gateway, so neither takes --mesh, or installs anything."""
    with pytest.raises(UsageError, match=f"{option} and --mesh contradict each other"):
        cli._run(["bench", option, "--mesh"])


def test_rejects_a_fleet_of_the_mesh() -> None:
    """The fleet's replicas are v2's, so it does not take --mesh, and installs nothing."""
    with pytest.raises(UsageError, match="--fleet and --mesh contradict each other"):
        cli._run(["bench", "--fleet", "--mesh"])


def test_rejects_a_storm_in_containers() -> None:
    """The storm in the control room has services of its own, which no image holds."""
    with pytest.raises(UsageError, match="--storm runs its own services, so it goes without --engine docker"):
        cli._run(["live", "--storm", "--engine", "docker"])


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["lab", "no-such-lab"], "argument name: invalid choice: 'no-such-lab'"),
        (["compare", "--engine", "cloud"], "argument --engine: invalid choice: 'cloud'"),
        (["compare", "--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_rejects_unknown_word(argv: list[str], text: str) -> None:
    """An unknown command, choice or option is rejected with a hint to --help."""
    with pytest.raises(UsageError, match=text) as refused:
        cli._parser().parse_args(argv)
    assert "run_demo.py --help" in str(refused.value)


def test_passes_pytest_its_own_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that follows `test` goes to pytest as it is, also where it begins with an option."""
    given: list[Sequence[str]] = []
    monkeypatch.setattr("demo.commands.test.run", lambda arguments: given.append(arguments.pytest))
    cli._run(["test", "-k", "breaker", "--", "-x"])
    cli._run(["test"])
    assert given == [["-k", "breaker", "--", "-x"], []]


@pytest.mark.parametrize("command", [[], ["compare"], ["lab"], ["test"]])
def test_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--help prints the usage and exits with 0."""
    with pytest.raises(SystemExit) as end:
        cli._run([*command, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(" ".join(["usage: run_demo.py", *command]))


def matrix_plan(*options: str) -> MatrixPlan:
    """Return the plan that these options of `matrix` make."""
    return matrix.plan_of(cli._parser().parse_args(["matrix", *options]))


def test_matrix_measures_everything_unless_told() -> None:
    """All rungs in all faults, three times and more; `--quick` is once, in six faults of five; a part can be chosen."""
    whole, quick = matrix_plan(), matrix_plan("--quick")
    assert (whole.faults, len(whole.gateways), whole.seeds, whole.more_seeds) == (FAULTS, 9, 3, 2)
    assert (quick.faults, quick.gateways, quick.seeds, quick.more_seeds) == (QUICK_FAULTS, QUICK_GATEWAYS, 1, 0)
    chosen = matrix_plan("--faults", "slow,delay_s=2,hang,error,rate=0.5,status=503", "--seconds", "6", "--seeds", "2")
    assert chosen.faults == ("slow,delay_s=2", "hang", "error,rate=0.5,status=503")
    assert (chosen.fault_s, chosen.seeds, chosen.more_seeds) == (6.0, 2, 0)


@pytest.mark.parametrize("option", ["--quick", "--trigger=kill", "--seeds=2"])
def test_search_for_the_shortest_stall_stands_alone(option: str) -> None:
    """It makes runs of its own, so options of other runs contradict it."""
    with pytest.raises(UsageError, match="--bisect makes runs of its own"):
        cli._run(["storm", "--bisect", option])


def test_matrix_always_measures_v1() -> None:
    """Every verdict is against it; the rungs keep their order."""
    assert matrix_plan("--gateways", "guard,timeout").gateways == ("none", "timeout", "guard")
    with pytest.raises(UsageError, match="no gateway 'v3'; there are: none, timeout"):
        matrix_plan("--gateways", "v3")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("", "tell the traffic: --rate R or --users N with --latency SPEC, or --from FILE, or --log FILE"),
        ("--rate 50", "--rate and --users need --latency, as in --latency p50=20ms,p99=300ms"),
        ("--latency p50=20ms", "--latency and --errors describe a traffic together with --rate or --users"),
        ("--rate 5 --latency p50=1ms --pause 1s-2s", "--pause is that of --users"),
        ("--rate 5 --users 5 --latency p50=1ms", "not allowed with argument"),
        ("--users 5 --latency p50=1ms --verify 1", "no --users, no --capacity"),
        ("--rate 5 --latency p50=1ms --capacity 8", "argument --capacity: '8' is not a number of slots"),
        (
            "--rate fast --latency p50=20ms",
            "argument --rate: 'fast' is not a number of calls a second from 0.1 to 5000",
        ),
        ("--rate nan --latency p50=20ms", "argument --rate: 'nan' is not a number of calls a second"),
        ("--rate 5 --latency p50=3s,p99=1s", "argument --latency: "),
        ("--rate 5 --log calls.csv", "not allowed with argument"),
        ("--rate 5 --latency p50=1ms --deadline 2m", "argument --deadline: '2m' is not a time"),
        ("--rate 5 --latency p50=1ms --deadline 61", "argument --deadline: 61 s is more than 60 s"),
        ("--verify 9 --fault hang --quick", "only with a traffic: --fault, --quick"),
    ],
)
def test_rejects_a_traffic_that_it_cannot_explore(options: str, text: str) -> None:
    """What is missing or wrong is named, with what is allowed, before anything is installed."""
    with pytest.raises(UsageError) as refused:
        cli._run(["explore", *options.split()])
    assert text in str(refused.value)
    assert "\n" not in str(refused.value)
