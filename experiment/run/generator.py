"""The load on one gateway: a Locust process that waits for the sign to begin."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from experiment.paths import ROOT
from experiment.plan import Closed, Plan
from experiment.run.cpu import CpuMeter

STOP_WITHIN_S = 5.0
OVERTIME_S = 60  # after which it ends by itself, should nobody be left to end it


class Generator:
    """One run of the locustfile, or of the schedule of arrivals."""

    def __init__(self, url: str, plan: Plan, *, html: Path, request_log: Path) -> None:
        command = [sys.executable, "-m", "locust", "--host", url, "--headless", *_shape(plan)]
        command += ["--seed", str(plan.seed), "--on-signal", "--last-start", str(plan.duration_s)]
        command += ["--run-time", f"{plan.duration_s + OVERTIME_S:.0f}s"]
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
        self.cpu = CpuMeter(self._process.pid)

    def begin(self) -> float:
        """Start the load, once the log says `ready`; return when, on the monotonic clock."""
        self._process.send_signal(signal.SIGUSR1)
        return time.monotonic()

    @property
    def problem(self) -> str:
        """The last line of what Locust printed, when it has ended by itself; empty while it runs."""
        if self._process.poll() is None:
            return ""
        lines = self._output.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"status {self._process.returncode}"

    def stop(self) -> None:
        """End it if it still runs; it writes its page first."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGUSR2)
            try:
                self._process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _shape(plan: Plan) -> list[str]:
    if isinstance(plan.load, Closed):
        users, ramp_per_s = str(plan.load.users), str(plan.load.ramp_per_s or 0)
        shoppers = str(ROOT / "locustfile.py")  # Locust makes all of them at once, before the sign: they join after it
        return ["--locustfile", shoppers, "--users", users, "--spawn-rate", users, "--ramp", ramp_per_s]
    arrivals = str(ROOT / "load" / "arrivals.py")
    return ["--locustfile", arrivals, "--users", "1", "--arrival-rate", str(plan.load.arrival_rate_per_s)]
