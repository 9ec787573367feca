"""One command at a time writes to results/: a second one would mix its logs and requests with those of the first."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiment.errors import EnvironmentProblem


@contextmanager
def only_run(results: Path) -> Iterator[None]:
    """Hold the folder during the block; the lock ends with the process, however it ends.

    Raises:
        EnvironmentProblem: Another command holds it.
    """
    results.mkdir(exist_ok=True)
    with (results / "in-use.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EnvironmentProblem(
                f"another run_demo.py writes to {results}: wait until it ends, end it, or use another checkout"
            ) from None
        yield
