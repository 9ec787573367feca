"""`matrix`: every protection in every fault."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from benchmarks.under_test.registry import NONE, RUNGS, lock_for
from demo import setup
from demo.options import whole
from matrix.plan import FAULT_S, FAULTS, MORE_SEEDS, QUICK_FAULTS, QUICK_GATEWAYS, SEEDS, MatrixPlan

HELP = "measure which protection helps against which fault"


def add_arguments(matrix: ArgumentParser) -> None:
    """Add the options of the command."""
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
        type=whole(1, 100),
        metavar="N",
        help=f"runs of each cell (default: {SEEDS}, and up to {MORE_SEEDS} more where a verdict is not decided)",
    )
    matrix.add_argument(
        "--seconds", type=whole(4, 300), metavar="S", help=f"length of each fault (default: {FAULT_S:g})"
    )


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    plan = plan_of(arguments)
    setup.enter("bench" if arguments.compare else lock_for(rung for rung in RUNGS if rung.name in plan.gateways))
    from demo.one_run import only_run
    from matrix.compare import compare
    from matrix.run import RESULTS, matrix

    if arguments.compare:
        return compare(*arguments.compare)
    with only_run(RESULTS):
        return matrix(plan)


def plan_of(arguments: Namespace) -> MatrixPlan:
    """Return the plan of a matrix."""
    quick = arguments.quick
    return MatrixPlan(
        faults=arguments.faults or (QUICK_FAULTS if quick else FAULTS),
        gateways=arguments.gateways or (QUICK_GATEWAYS if quick else tuple(rung.name for rung in RUNGS)),
        seeds=arguments.seeds or (1 if quick else SEEDS),
        more_seeds=0 if quick or arguments.seeds else MORE_SEEDS,
        fault_s=float(arguments.seconds or FAULT_S),
    )


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
        raise ArgumentTypeError(f"no gateway {unknown[0]!r}; there are: {', '.join(known)}")
    return tuple(name for name in known if name in names)
