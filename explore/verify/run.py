"""`run_demo.py explore --verify N`: N trials on real servers, a few at a time, beside what the twin expects of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from explore.model import Verification
from explore.verify.servers import seen_on_servers
from explore.verify.trial import Seen, Trial, predicted
from explore.verify.verified import verification

AT_ONCE = 4
MOST_CALLS_PER_S = 150.0  # of the trials that run at the same time: two cores are far from busy


def verify(trials: Sequence[Trial], logs: Path, console: Console) -> Verification:
    """Run the trials, and return model against measurement.

    Raises:
        EnvironmentProblem: a process does not start or ends.
    """
    logs.mkdir(parents=True, exist_ok=True)
    seen: list[Seen] = []
    for together in _groups(trials):
        console.print(f"trials {len(seen) + 1} to {len(seen) + len(together)} of {len(trials)}", highlight=False)
        seen += seen_on_servers(together, logs)
    return verification(trials, seen, [predicted(trial) for trial in trials])


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
