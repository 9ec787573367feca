"""What the command line makes of its options, and what it refuses."""

from pathlib import Path

import pytest

from demo import cli
from experiment.errors import UsageError
from experiment.phases import Phase
from experiment.plan import PHASES_S, QUICK_S, Closed, Open, Plan, phases_lasting


def plan(*options: str) -> Plan:
    """Return the plan that these options of `compare` make."""
    return cli._plan(cli._parser().parse_args(["compare", *options]))


def test_defaults_are_the_documented_ones() -> None:
    """100 users, healthy 15 s, fault 60 s, recovery 45 s, seed 1, once, on local processes, with a summary to read."""
    assert plan() == Plan({Phase.HEALTHY: 15, Phase.FAULT: 60, Phase.RECOVERY: 45}, Closed(100), 1)
    arguments = cli._parser().parse_args(["compare"])
    assert (arguments.repeat, arguments.engine, arguments.json) == (1, "local", False)


def test_command_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a command, or with options alone, it is `compare`."""
    monkeypatch.setattr(cli, "_compare", lambda arguments: arguments.seed)
    assert (cli._run([]), cli._run(["--seed", "7"]), cli._run(["compare", "--seed", "8"])) == (1, 7, 8)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--quick",), Plan(phases_lasting(QUICK_S), Closed(100), 1)),
        (("--duration", "60"), Plan({Phase.HEALTHY: 7.5, Phase.FAULT: 30, Phase.RECOVERY: 22.5}, Closed(100), 1)),
        (("--classic",), Plan({Phase.FAULT: 120}, Closed(100, 10), 1)),
        (("--classic", "--duration", "30"), Plan({Phase.FAULT: 30}, Closed(100, 10), 1)),
        (("--arrival-rate", "50"), Plan(PHASES_S, Open(50), 1)),
        (("--users", "7", "--seed", "42"), Plan(PHASES_S, Closed(7), 42)),
        (("--phases", "healthy=5"), Plan({Phase.HEALTHY: 5}, Closed(100), 1)),
        (("--phases", "fault=20"), Plan({Phase.FAULT: 20}, Closed(100), 1)),
        (("--phases", "recovery=20,fault=5"), Plan({Phase.FAULT: 5, Phase.RECOVERY: 20}, Closed(100), 1)),
    ],
)
def test_options_make_the_plan(options: tuple[str, ...], expected: Plan) -> None:
    """Each way to say how long and how much."""
    assert plan(*options) == expected


@pytest.mark.parametrize("spec", ["healthy=5,fault=9,recovery=7", "recovery=7,healthy=5,fault=9"])
def test_order_of_phases_in_the_spec_does_not_matter(spec: str) -> None:
    """They come in their own order."""
    assert list(plan("--phases", spec).phases_s.items()) == [
        (Phase.HEALTHY, 5),
        (Phase.FAULT, 9),
        (Phase.RECOVERY, 7),
    ]


@pytest.mark.parametrize("text", ["0", "-1", "1001", "x", "", "1.5", "1e2", "٣", "9" * 30])
@pytest.mark.parametrize("option", ["--users", "--arrival-rate"])
def test_load_that_is_none_is_refused(option: str, text: str) -> None:
    """The message has the option, what was given, and what is allowed."""
    with pytest.raises(UsageError, match=f"argument {option}: '{text}' is not a whole number from 1 to 1000 "):
        plan(f"{option}={text}")


@pytest.mark.parametrize(
    ("option", "text", "allowed"),
    [
        ("--duration", "4", "from 5 to 3600"),
        ("--duration", "3601", "from 5 to 3600"),
        ("--seed", "-1", "from 0 to 999999999"),
        ("--seed", "1000000000", "from 0 to 999999999"),
        ("--repeat", "0", "from 1 to 100"),
        ("--repeat", "101", "from 1 to 100"),
    ],
)
def test_number_out_of_its_range_is_refused(option: str, text: str, allowed: str) -> None:
    """The message has the option, what was given, and what is allowed."""
    with pytest.raises(UsageError, match=f"argument {option}: '{text}' is not a whole number {allowed} "):
        plan(f"{option}={text}")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("", "'': expected healthy, fault or recovery, each at most once"),
        ("well=5", "'well=5': expected healthy, fault or recovery, each at most once"),
        ("fault=5,fault=6", "'fault=6': expected healthy, fault"),
        ("fault=5,", "'': expected healthy, fault"),
        ("healthy=5, fault=5", "' fault=5': expected healthy, fault"),
        ("fault", "'' is not a whole number from 1 to 3600"),
        ("fault=0", "'0' is not a whole number from 1 to 3600"),
        ("fault=5s", "'5s' is not a whole number from 1 to 3600"),
        ("fault=3601", "'3601' is not a whole number from 1 to 3600"),
        ("fault=5=6", "'5=6' is not a whole number from 1 to 3600"),
        ("recovery=5", "recovery needs a fault to recover from"),
        ("healthy=5,recovery=5", "recovery needs a fault to recover from"),
    ],
)
def test_phases_that_make_no_sense_are_refused(spec: str, text: str) -> None:
    """The message has the part that is wrong, and what is allowed."""
    with pytest.raises(UsageError) as refused:
        plan(f"--phases={spec}")
    assert f"argument --phases: {text}" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("--quick --classic", "--quick and --classic contradict each other"),
        ("--quick --duration 60", "--duration and --quick contradict each other"),
        ("--quick --phases fault=9", "--phases and --quick contradict each other"),
        ("--classic --phases fault=9", "--phases and --classic contradict each other"),
        ("--duration 60 --phases fault=9", "--phases and --duration contradict each other"),
        ("--classic --duration 60 --quick", "--duration and --quick and --classic contradict each other"),
        ("--users 5 --arrival-rate 5", "argument --arrival-rate: not allowed with argument --users"),
        ("--users 100 --arrival-rate 5", "argument --arrival-rate: not allowed with argument --users"),
    ],
)
def test_contradiction_is_refused(options: str, text: str) -> None:
    """Two ways to say the same thing differently: the message names both."""
    with pytest.raises(UsageError, match=text):
        plan(*options.split())


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["compare", "--engine", "cloud"], "argument --engine: invalid choice: 'cloud'"),
        (["compare", "--colour"], "unrecognized arguments: --colour"),
        (["report"], "the following arguments are required: FILE"),
        (["diff", "a"], "the following arguments are required: B"),
    ],
)
def test_unknown_or_missing_word_is_refused(argv: list[str], text: str) -> None:
    """The message says where to look."""
    with pytest.raises(UsageError, match=text) as refused:
        cli._parser().parse_args(argv)
    assert "run_demo.py --help" in str(refused.value)


def test_files_of_report_and_diff_are_paths() -> None:
    """They are opened by the commands themselves, which say what is wrong with them."""
    assert cli._parser().parse_args(["report", "x.json"]).file == Path("x.json")
    both = cli._parser().parse_args(["diff", "x.json", "y.json"])
    assert (both.a, both.b) == (Path("x.json"), Path("y.json"))
