"""`storm`: an outage that stays after its cause has gone."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from demo import setup
from demo.options import whole
from experiment.errors import UsageError
from storm.plan import QUICK_AFTER_S, QUICK_STAYS_DOWN_S, QUICK_STEP_S, QUICK_WELL_S, TRIGGERS, StormPlan

HELP = "reproduce an outage that stays after its cause has gone, and end it"


def add_arguments(storm: ArgumentParser) -> None:
    """Add the options of the command."""
    triggers = "; ".join(f"{name}: {what}" for name, what in TRIGGERS.items())
    storm.add_argument("--trigger", choices=tuple(TRIGGERS), default="stall", help=f"{triggers} (default: stall)")
    storm.add_argument("--seeds", type=whole(1, 100), default=1, metavar="N", help="make N runs (default: 1)")
    storm.add_argument(
        "--quick", action="store_true", help="watch for 35 s after the trigger, and shorten the loop: three minutes"
    )
    storm.add_argument(
        "--scale", type=whole(1, 20), default=1, metavar="N", help="N times the slots and the load (default: 1)"
    )
    storm.add_argument(
        "--bisect",
        action="store_true",
        help="instead: find the shortest stall that is lethal, and the largest load that recovers; 15 runs, 14 minutes",
    )


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
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
