"""`run_demo.py explore --verify N`: N trials on real servers, a few at a time, beside what the twin expects of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from explore.verify.servers import seen_on_servers
from explore.verify.trial import Seen, Trial, predicted
from explore.verify.verified import QUANTITIES, Agreement, Compared, agreements, compare
from report.table.model import Table
from report.table.terminal import rich_table

AT_ONCE = 4
MOST_CALLS_PER_S = 150.0  # of the trials that run at the same time: two cores are far from busy


def verify(trials: Sequence[Trial], logs: Path, console: Console) -> list[Compared]:
    """Run the trials, print model against measurement, and return it.

    Raises:
        EnvironmentProblem: a process does not start or ends.
    """
    logs.mkdir(parents=True, exist_ok=True)
    seen: list[Seen] = []
    for together in _groups(trials):
        console.print(f"trials {len(seen) + 1} to {len(seen) + len(together)} of {len(trials)}", highlight=False)
        seen += seen_on_servers(together, logs)
    compared = compare(trials, seen, [predicted(trial) for trial in trials])
    console.print(rich_table(_each(compared)))
    console.print(rich_table(_all(agreements(compared))))
    return compared


def _groups(trials: Sequence[Trial]) -> Iterator[list[Trial]]:
    """Yield the trials in their order, as many at a time as the machine can bear."""
    group: list[Trial] = []
    for trial in trials:
        rates = sum(one.traffic.rate_per_s for one in (*group, trial))
        if len(group) == AT_ONCE or (group and rates > MOST_CALLS_PER_S):
            yield group
            group = []
        group.append(trial)
    yield group


def _each(compared: Sequence[Compared]) -> Table:
    rows = [
        [
            str(one.trial),
            QUANTITIES[one.quantity],
            f"{one.measured:.3g}",
            f"{one.expected.mean:.3g}",
            f"{one.expected.low:.3g} to {one.expected.high:.3g}",
            f"{one.error:.0%}" if one.is_inside else f"{one.error:.0%}, outside",
        ]
        for one in compared
    ]
    return Table("Model against measurement", ("trial", "", "measured", "model", "95 % of its runs", "error"), rows)


def _all(found: Sequence[Agreement]) -> Table:
    rows = [
        [
            QUANTITIES[one.quantity],
            str(one.compared),
            f"{one.median_error:.1%}",
            "" if one.rank_correlation is None else f"{one.rank_correlation:.2f}",
            f"{one.inside} of {one.compared}",
        ]
        for one in found
    ]
    return Table("All trials", ("", "compared", "median error", "rank correlation", "inside the 95 %"), rows)
