"""`explore`: the settings that fit a traffic."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from demo import setup
from demo.options import parsed, whole
from experiment.errors import UsageError
from explore.latency import parse_latency, parse_seconds, parse_share
from explore.plan import (
    DEADLINE_S,
    FAULT,
    LONGEST_DEADLINE_S,
    MOST_GATEWAYS,
    MOST_USERS,
    MOST_VERIFIED,
    RATES_PER_S,
    ExplorePlan,
)
from explore.traffic import PAUSE_S, parse_capacity, parse_pause

HELP = "find the settings that fit a traffic, with a model of the guard"


def add_arguments(explore: ArgumentParser) -> None:
    """Add the options of the command."""
    _add_traffic(explore)
    explore.add_argument(
        "--deadline", type=parsed(parse_seconds), metavar="TIME", help=f"of a call (default: {DEADLINE_S:g}s)"
    )
    explore.add_argument(
        "--replicas",
        type=whole(2, MOST_GATEWAYS),
        metavar="N",
        help="also say what N gateways, each with this traffic, do to a sick dependency",
    )
    explore.add_argument("--quick", action="store_true", help="search a quarter of the points")
    explore.add_argument(
        "--verify",
        type=whole(1, MOST_VERIFIED),
        metavar="N",
        help="also run N points on real servers; without a traffic: N trials, random but always the same",
    )


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    plan = _plan(arguments)
    setup.enter("explore")
    from demo.one_run import only_run
    from explore.run import RESULTS, explore

    with only_run(RESULTS):
        return explore(plan)


def _add_traffic(explore: ArgumentParser) -> None:
    source = explore.add_mutually_exclusive_group()
    source.add_argument("--rate", type=_rate, metavar="R", help="calls a second that reach the dependency")
    source.add_argument("--users", type=whole(1, MOST_USERS), metavar="N", help="instead: people who pause and return")
    source.add_argument("--from", type=Path, dest="report", metavar="FILE", help="traffic of a comparison_report.json")
    source.add_argument("--log", type=Path, metavar="FILE", help="traffic of a CSV with start, duration and status")
    explore.add_argument(
        "--latency",
        type=parsed(parse_latency),
        metavar="SPEC",
        help="of the answers, as in p50=20ms,p99=300ms or le0.1=930,le+Inf=1000",
    )
    explore.add_argument("--errors", type=parsed(parse_share), metavar="SHARE", help="of the answers, as in 0.5%%")
    explore.add_argument(
        "--pause", type=parsed(parse_pause), metavar="FROM-TO", help="of each user, after a page (default: 1s-2s)"
    )
    explore.add_argument(
        "--capacity",
        type=parsed(parse_capacity),
        metavar="NxTIME",
        help="the dependency works on N calls at a time and on each so long, as in 8x20ms (default: on any number)",
    )
    explore.add_argument("--fault", metavar="SPEC", help=f"what goes wrong: hang, error or slow (default: {FAULT})")


def _rate(text: str) -> float:
    low, high = RATES_PER_S
    try:
        rate_per_s = float(text)
    except ValueError:
        rate_per_s = 0.0
    if not low <= rate_per_s <= high:
        raise ArgumentTypeError(f"{text!r} is not a number of calls a second from {low:g} to {high:g}")
    return rate_per_s


def _plan(arguments: Namespace) -> ExplorePlan:
    if (arguments.rate or arguments.users) and not arguments.latency:
        raise UsageError("--rate and --users need --latency, as in --latency p50=20ms,p99=300ms")
    if not (arguments.rate or arguments.users) and (arguments.latency or arguments.errors is not None):
        raise UsageError("--latency and --errors describe a traffic together with --rate or --users")
    if arguments.pause and not arguments.users:
        raise UsageError("--pause is that of --users")
    if arguments.deadline and arguments.deadline > LONGEST_DEADLINE_S:
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
        fault=arguments.fault or FAULT,
        latency=arguments.latency,
        error_share=arguments.errors or 0.0,
        report=arguments.report,
        log=arguments.log,
        deadline_s=arguments.deadline or DEADLINE_S,
        verify=arguments.verify or 0,
        replicas=arguments.replicas or 0,
        quick=arguments.quick,
    )
    if not plan.has_traffic and not plan.verify:
        raise UsageError("tell the traffic: --rate R or --users N with --latency SPEC, or --from FILE, or --log FILE")
    of_a_traffic = ("deadline", "replicas", "capacity", "fault", "quick")
    if not plan.has_traffic and (told := [f"--{name}" for name in of_a_traffic if getattr(arguments, name)]):
        raise UsageError(
            f"only with a traffic: {', '.join(told)}; without one, --verify runs trials that are always the same"
        )
    return plan
