"""The load on one gateway: a Locust process that waits for the signal to begin, and logs every request."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.plan import Closed, Plan
from experiment.run.cpu import CpuMeter
from load.request_log import RequestLog

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 5.0
POLL_S = 0.05
OVERTIME_S = 60  # after which it ends by itself, should nobody be left to end it
CLOSED_LOAD = ROOT / "locustfile.py"
OPEN_LOAD = ROOT / "load" / "arrivals.py"


class Generator:
    """One run of a locustfile; `html` is where Locust's own page goes, if it is wanted."""

    def __init__(self, url: str, plan: Plan, *, request_log: Path, html: Path | None = None) -> None:
        request_log.write_bytes(b"")
        self.log = RequestLog(request_log)
        self._output = request_log.with_suffix(".locust.log")
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                _command(url, plan, request_log, html),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.cpu = CpuMeter(self._process.pid)

    def wait_until_ready(self) -> None:
        """Return when every user waits for the beginning.

        Raises:
            EnvironmentProblem: the process has ended, or takes too long.
        """
        gives_up_at = time.monotonic() + READY_WITHIN_S
        while not self.log.ready:
            self.check()
            if time.monotonic() > gives_up_at:
                raise EnvironmentProblem(f"the load generator was not ready within {READY_WITHIN_S:.0f} s")
            time.sleep(POLL_S)
            self.log.read_more()

    def begin(self) -> float:
        """Start the load of a generator that is ready; return when, on the monotonic clock."""
        self._process.send_signal(signal.SIGUSR1)
        return time.monotonic()

    def check(self) -> None:
        """Raise EnvironmentProblem, with the last line that Locust printed, if the process has ended by itself."""
        if self._process.poll() is not None:
            lines = self._output.read_text(errors="replace").strip().splitlines()
            raise EnvironmentProblem(f"the load failed: {lines[-1] if lines else f'status {self._process.returncode}'}")

    def stop(self) -> None:
        """End it if it still runs; it writes its page first."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGUSR2)
            try:
                self._process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _command(url: str, plan: Plan, request_log: Path, html: Path | None) -> list[str]:
    command = [sys.executable, "-m", "locust", "--host", url, "--headless", *_shape(plan)]
    command += ["--seed", str(plan.seed), "--on-signal", "--last-start", str(plan.duration_s)]
    command += ["--run-time", f"{plan.duration_s + OVERTIME_S:.0f}s", "--request-log", str(request_log)]
    command += ["--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
    command += ["--only", plan.only] if plan.only else []
    command += ["--html", str(html)] if html else []
    return command


def _shape(plan: Plan) -> list[str]:
    if isinstance(plan.load, Closed):
        # Locust makes all users at once, before the signal: they join after it
        users, ramp_per_s, pause_s = str(plan.load.users), str(plan.load.ramp_per_s or 0), map(str, plan.load.pause_s)
        shape = ["--locustfile", str(CLOSED_LOAD), "--users", users, "--spawn-rate", users]
        return [*shape, "--ramp", ramp_per_s, "--pause", *pause_s]
    rate = str(plan.load.arrival_rate_per_s)
    return ["--locustfile", str(OPEN_LOAD), "--users", "1", "--arrival-rate", rate]
