"""`run_demo.py explore --verify N`: N trials on real servers, some at a time, beside what the twin expects of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from explore.model import Verification
from explore.verify.servers import seen_on_servers
from explore.verify.trial import REPEATS, Run, Trial, means, predicted, repeated, repeats
from explore.verify.verified import Result, verification

AT_ONCE = 6
MOST_CALLS_PER_S = 150.0  # of the trials that run at the same time: two cores are far from busy


def verify(trials: Sequence[Trial], what: str, logs: Path, console: Console) -> Verification:
    """Run each trial as often as it is to be, and return model against measurement; `what` says what the trials are of.

    Raises:
        EnvironmentProblem: a process does not start or ends.
    """
    logs.mkdir(parents=True, exist_ok=True)
    planned, made = [run for trial in trials for run in repeats(trial)], list[Run]()
    for together in _groups(planned):
        console.print(f"runs {len(made) + 1} to {len(made) + len(together)} of {len(planned)}", highlight=False)
        made += seen_on_servers(together, logs)
    of_trials = [made[begin : begin + REPEATS] for begin in range(0, len(made), REPEATS)]
    return verification(
        [
            Result(trial, means([run.seen for run in runs]), predicted(trial), repeated(trial, runs))
            for trial, runs in zip(trials, of_trials, strict=True)
        ],
        what,
        gateway_cpu_s=sum(run.gateway_cpu_s for run in made) / max(1, sum(len(run.arrivals_s) for run in made)),
    )


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
