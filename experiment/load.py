"""The load on one gateway: Locust as anyone would run it, in a process of its own."""

import math
import subprocess
import sys
from pathlib import Path

from experiment.setup import ROOT

SPAWN_RATE = 10  # users started a second, as in the original run
PAUSE_S = (1, 2)  # how long a user pauses after an answer: anything between, evenly
PAUSE_MEAN_S, PAUSE_VARIANCE_S2 = 1.5, 1 / 12
GRID_S = 0.01
LAST_ANSWERS_S = 2  # what the requests in flight get to be answered when the time is over
STOP_WITHIN_S = 5.0


class Load:
    """One run of the locustfile."""

    def __init__(self, url: str, *, users: int, duration_s: int, html: Path, request_log: Path) -> None:
        command = [sys.executable, "-m", "locust", "--locustfile", str(ROOT / "locustfile.py"), "--host", url]
        command += ["--headless", "--users", str(users), "--spawn-rate", str(SPAWN_RATE)]
        command += ["--run-time", f"{duration_s + LAST_ANSWERS_S}s", "--last-start", str(duration_s)]
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
    """Return how many requests this load makes on average when every answer takes no time at all: its ceiling."""
    renewals = _renewals(duration_s)
    return sum(1 + renewals[round(active_s / GRID_S)] for active_s in _times_active_s(users, duration_s))


def spread_of_requests(users: int, duration_s: float) -> float:
    """Return the standard deviation of that count: chance decides the pauses (Cox, Renewal Theory, 1962, 3.3)."""
    return math.sqrt(sum(_times_active_s(users, duration_s)) * PAUSE_VARIANCE_S2 / PAUSE_MEAN_S**3)


def _times_active_s(users: int, duration_s: float) -> list[float]:
    """Return how long each user is there: Locust starts a group of SPAWN_RATE every second."""
    starts = (k // SPAWN_RATE for k in range(users))
    return [duration_s - start for start in starts if start < duration_s]


def _renewals(duration_s: float) -> list[float]:
    """Return, on a grid of times, the mean number of requests that one user makes after its first.

    This is the renewal equation m(t) = integral of 1 + m(t - x) over the pauses x from 1 to 2 s.
    """
    shortest, longest = (round(pause_s / GRID_S) for pause_s in PAUSE_S)
    mean: list[float] = []
    total = [0.0]  # running sum of 1 + m, times the step
    for n in range(round(duration_s / GRID_S) + 1):
        left = total[max(0, n - shortest)] - total[max(0, n - longest)]
        right = total[max(0, n - shortest + 1)] - total[max(0, n - longest + 1)]
        mean.append((left + right) / 2)
        total.append(total[-1] + (1 + mean[-1]) * GRID_S)
    return mean
