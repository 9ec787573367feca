"""`compare`, the main job: both gateways under the same load."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from demo.options import add_engine, enter_for_services, whole
from experiment.errors import UsageError
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

HELP = "run both gateways under the same load and show the difference"
MOST_LOAD_WORKERS = 16  # at each gateway; an idle worker takes 55 MB
LAST_LOAD_PORT = 65534  # the next one is used, too


def add_arguments(compare: ArgumentParser) -> None:
    """Add the options of the command."""
    _add_load(compare)
    _add_story(compare)
    compare.add_argument(
        "--repeat", type=whole(1, 100), default=1, metavar="N", help="run N times and report medians and ranges"
    )
    compare.add_argument(
        "--replicas",
        type=whole(1, MOST_REPLICAS),
        default=0,
        metavar="N",
        help="run N replicas of v2 behind Envoy, which is installed for it (37 MB); with Docker, use those that run",
    )
    compare.add_argument("--json", action="store_true", help="print only the report, as JSON")
    add_engine(compare)


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    plan = plan_of(arguments)
    enter_for_services("mesh" if plan.replicas and arguments.engine == "local" else "demo")
    from demo.compare import compare
    from demo.engines import engine_named

    return compare(plan, engine_named(arguments.engine), repeat=arguments.repeat, as_json=arguments.json)


def _add_load(compare: ArgumentParser) -> None:
    load = compare.add_mutually_exclusive_group()
    load.add_argument("--users", type=whole(1, 1000), help=f"users at each gateway (default: {USERS})")
    load.add_argument(
        "--arrival-rate",
        type=whole(1, 1000),
        metavar="R",
        help="start R requests per second at each gateway, instead of users who wait for answers",
    )
    compare.add_argument(
        "--load-workers",
        type=whole(1, MOST_LOAD_WORKERS),
        metavar="N",
        help=f"share the load on each gateway among N Locust workers, up to {MOST_LOAD_WORKERS} (default: one process)",
    )
    compare.add_argument(
        "--load-port",
        type=whole(1, LAST_LOAD_PORT),
        metavar="PORT",
        help="do not start the workers here: wait for them at 127.0.0.1:PORT (v1's) and at the next port (v2's)",
    )


def _add_story(compare: ArgumentParser) -> None:
    compare.add_argument(
        "--phases",
        type=_phases,
        metavar="SPEC",
        help="length of each phase in seconds (default: healthy=15,fault=40,recovery=45)",
    )
    compare.add_argument(
        "--duration", type=whole(5, 3600), metavar="S", help="length of all phases together, in seconds"
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
        "--seed", type=whole(0, 10**9 - 1), default=1, metavar="N", help="seed of the random load (default: 1)"
    )


def plan_of(arguments: Namespace) -> Plan:
    """Return the plan of a run, or raise UsageError where options contradict each other."""
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


def _workers(arguments: Namespace, load: Closed | Open) -> Workers | None:
    count, port = arguments.load_workers, arguments.load_port
    if port and not count:
        raise UsageError("--load-port needs --load-workers: how many to wait for")
    if port and arguments.repeat > 1:
        raise UsageError("--load-port and --repeat contradict each other: a worker ends with its run")
    if count and isinstance(load, Closed) and load.users < count:
        raise UsageError(f"{count} workers can't share {load.users} users")
    return Workers(count, port or 0) if count else None


def _phases(text: str) -> dict[Phase, float]:
    lengths_s = dict.fromkeys(Phase, 0.0)
    for part in text.split(","):
        name, _, length = part.partition("=")
        if name not in lengths_s or lengths_s[Phase(name)]:
            raise ArgumentTypeError(f"{part!r}: expected healthy, fault or recovery, each at most once")
        lengths_s[Phase(name)] = float(whole(1, 3600)(length))
    if lengths_s[Phase.RECOVERY] and not lengths_s[Phase.FAULT]:
        raise ArgumentTypeError("recovery needs a fault to recover from")
    return {phase: length_s for phase, length_s in lengths_s.items() if length_s}
