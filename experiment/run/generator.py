"""The load on one gateway or several: a Locust process that waits for the signal to begin, and logs every request."""

import signal
import time
from collections.abc import Sequence
from pathlib import Path

from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.plan import Closed, Plan
from experiment.processes import Supervisor
from experiment.run.cpu import CpuMeter
from experiment.run.locust import start_locust
from experiment.waiting import wait_until
from load.request_log import RequestLog, numbered

READY_WITHIN_S = 30.0
OVERTIME_S = 60  # after which it ends by itself, should nobody be left to end it
CLOSED_LOAD = ROOT / "locustfile.py"
OPEN_LOAD = ROOT / "load" / "arrivals.py"


class Generator:
    """One run of a locustfile; `html` is where Locust's own page goes, if it is wanted.

    With `also`, an open load makes the same requests at those addresses, each with a log of its own in `logs`.
    """

    def __init__(
        self, url: str, plan: Plan, *, request_log: Path, html: Path | None = None, also: Sequence[str] = ()
    ) -> None:
        self.logs = [RequestLog(Path(numbered(str(request_log), number))) for number in range(1 + len(also))]
        for log in self.logs:
            log.path.write_bytes(b"")
        self.log = self.logs[0]
        output = request_log.with_suffix(".locust.log")
        output.unlink(missing_ok=True)
        self._processes = Supervisor(ask_with=signal.SIGUSR2)  # on which it writes its page
        arguments = _arguments(url, plan, request_log, html, also)
        self._process = start_locust(self._processes, arguments, "load generator", output)
        self.cpu = CpuMeter(self._process.pid)

    def wait_until_ready(self) -> None:
        """Return when every user waits for the beginning.

        Raises:
            EnvironmentProblem: the process has ended, or takes too long.
        """

        def is_ready() -> bool:
            self.check()
            self.log.read_more()
            return self.log.ready

        if not wait_until(is_ready, within_s=READY_WITHIN_S):
            raise EnvironmentProblem(f"the load generator was not ready within {READY_WITHIN_S:.0f} s")

    def begin(self) -> float:
        """Start the load of a generator that is ready; return when, on the monotonic clock."""
        self._process.send(signal.SIGUSR1)
        return time.monotonic()

    def check(self) -> None:
        """Raise EnvironmentProblem, with the last line that Locust printed, if the process has ended by itself."""
        if not self._process.is_running:
            raise EnvironmentProblem(f"the load failed: {''.join(self._process.last_lines(1)) or 'it printed nothing'}")

    def stop(self) -> None:
        """End it if it still runs; it writes its page first."""
        self._processes.stop()


def _arguments(url: str, plan: Plan, request_log: Path, html: Path | None, also: Sequence[str]) -> list[str]:
    arguments = ["--host", url, "--headless", *_shape(plan, hosts=1 + len(also))]
    arguments += ["--seed", str(plan.seed), "--on-signal", "--last-start", str(plan.duration_s)]
    arguments += ["--run-time", f"{plan.duration_s + OVERTIME_S:.0f}s", "--request-log", str(request_log)]
    arguments += ["--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
    arguments += ["--only", plan.only] if plan.only else []
    arguments += ["--html", str(html)] if html else []
    arguments += ["--also", *also] if also else []
    return arguments


def _shape(plan: Plan, hosts: int) -> list[str]:
    if isinstance(plan.load, Closed):
        # Locust makes all users at once, before the signal: they join after it
        users, ramp_per_s, pause_s = str(plan.load.users), str(plan.load.ramp_per_s or 0), map(str, plan.load.pause_s)
        shape = ["--locustfile", str(CLOSED_LOAD), "--users", users, "--spawn-rate", users]
        return [*shape, "--ramp", ramp_per_s, "--pause", *pause_s]
    rate = str(plan.load.arrival_rate_per_s)
    one_for_each_host = ("--users", str(hosts), "--spawn-rate", str(hosts))
    return ["--locustfile", str(OPEN_LOAD), *one_for_each_host, "--arrival-rate", rate]
