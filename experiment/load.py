"""The load on one gateway: Locust as anyone would run it, in a process of its own."""

import subprocess
import sys
from pathlib import Path

from experiment.setup import ROOT

SPAWN_RATE = 10  # users started a second, as in the original run
WAIT_MEAN_S, WAIT_VARIANCE_S2 = 1.5, 1 / 12  # the pause of a user, even between 1 and 2 s
LAST_ANSWERS_S = 2  # what requests in flight get when the time is over; longer than v2's deadline allows an answer
STOP_WITHIN_S = 5.0


class Load:
    """One run of the locustfile."""

    def __init__(self, url: str, *, users: int, duration_s: int, html: Path, request_log: Path) -> None:
        command = [sys.executable, "-m", "locust", "--locustfile", str(ROOT / "locustfile.py"), "--host", url]
        command += ["--headless", "--users", str(users), "--spawn-rate", str(SPAWN_RATE)]
        command += ["--run-time", f"{duration_s}s", "--stop-timeout", str(LAST_ANSWERS_S)]
        command += ["--html", str(html), "--request-log", str(request_log)]
        command += ["--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
        self._output = request_log.with_suffix(".locust.log")
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        """Whether users are still at it."""
        return self._process.poll() is None

    @property
    def problem(self) -> str:
        """The last line of what Locust printed, when it has failed; empty when it has not."""
        if not self._process.poll():
            return ""
        lines = self._output.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"status {self._process.returncode}"

    def stop(self) -> None:
        """End it if it still runs; it writes its page first."""
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def expected_requests(users: int, duration_s: float) -> float:
    """Return how many requests this load makes when every answer takes no time at all: its ceiling.

    User k starts after k // SPAWN_RATE seconds, because Locust starts users in steps of one second. From then on its
    requests are a renewal process; the mean count is the first two terms of the renewal theorem (Feller, volume 2,
    XI.3), good to a request in a hundred for the times used here.
    """
    starts = (k // SPAWN_RATE for k in range(users))
    second_moment = WAIT_VARIANCE_S2 + WAIT_MEAN_S**2
    extra = second_moment / (2 * WAIT_MEAN_S**2)
    return sum((duration_s - start) / WAIT_MEAN_S + extra for start in starts if start < duration_s)
