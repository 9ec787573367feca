"""The load on one gateway: a Locust process that waits for the sign to begin."""

import signal
import sys
import time
from pathlib import Path

from experiment.paths import ROOT
from experiment.plan import Closed, Plan
from experiment.processes import Supervisor
from experiment.run.cpu import CpuMeter

OVERTIME_S = 60  # after which it ends by itself, should nobody be left to end it


class Generator:
    """One run of the locustfile, or of the schedule of arrivals."""

    def __init__(self, url: str, plan: Plan, *, html: Path, request_log: Path) -> None:
        command = [sys.executable, "-m", "locust", "--host", url, "--headless", *_shape(plan)]
        command += ["--seed", str(plan.seed), "--on-signal", "--last-start", str(plan.duration_s)]
        command += ["--run-time", f"{plan.duration_s + OVERTIME_S:.0f}s"]
        command += ["--html", str(html), "--request-log", str(request_log)]
        command += ["--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
        log = request_log.with_suffix(".locust.log")
        log.unlink(missing_ok=True)
        self._processes = Supervisor(ask_with=signal.SIGUSR2)  # on which it writes its page
        self._process = self._processes.start("load generator", command, log=log)
        self.cpu = CpuMeter(self._process.pid)

    def begin(self) -> float:
        """Start the load, once the log says `ready`; return when, on the monotonic clock."""
        self._process.send(signal.SIGUSR1)
        return time.monotonic()

    @property
    def problem(self) -> str:
        """The last line of what Locust printed, when it has ended by itself; empty while it runs."""
        return "" if self._process.is_running else "".join(self._process.last_lines(1)) or "it ended without a word"

    def stop(self) -> None:
        """End it if it still runs; it writes its page first."""
        self._processes.stop()


def _shape(plan: Plan) -> list[str]:
    if isinstance(plan.load, Closed):
        users, ramp_per_s = str(plan.load.users), str(plan.load.ramp_per_s or 0)
        shoppers = str(ROOT / "locustfile.py")  # Locust makes all of them at once, before the sign: they join after it
        return ["--locustfile", shoppers, "--users", users, "--spawn-rate", users, "--ramp", ramp_per_s]
    arrivals = str(ROOT / "load" / "arrivals.py")
    return ["--locustfile", arrivals, "--users", "1", "--arrival-rate", str(plan.load.arrival_rate_per_s)]
