"""The load on one gateway or several: a Locust process that waits for the signal to begin, and logs every request.

With workers, that process is Locust's master: it makes no request itself, and its log has those of all workers.
"""

import signal
import time
from collections.abc import Sequence
from pathlib import Path

from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.plan import Closed, Plan, Workers
from experiment.processes import STOPS_WITHIN_S, ProcessGroup, Supervisor
from experiment.run.cpu import CpuMeter
from experiment.run.locust import start_locust
from experiment.services import HOST
from experiment.waiting import wait_until
from load.request_log import RequestLog, numbered

READY_WITHIN_S = 30.0
READY_WITHIN_A_WORKER_S = 5.0  # more, for each
JOINED_WITHIN_S = 300.0  # workers that somebody starts elsewhere
MASTER_STOPS_WITHIN_S = 15.0  # it waits for the last lines of its workers
OVERTIME_S = 60.0  # after which it ends by itself, should nobody be left to end it
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
        self._plan = plan
        stops_within_s = MASTER_STOPS_WITHIN_S if plan.workers else STOPS_WITHIN_S
        self._processes = Supervisor(
            ask_with=signal.SIGUSR2, stops_within_s=stops_within_s
        )  # on it, it writes its page
        self._worker_processes = Supervisor()
        self._workers: list[ProcessGroup] = []
        self._process = start_locust(
            self._processes, _arguments(url, plan, request_log, html, also), "load generator", self._output(0)
        )
        self.cpu = CpuMeter(self._process.pid)

    @property
    def pids(self) -> list[int]:
        """Its processes here: the one that writes the log, then the workers."""
        return [process.pid for process in (self._process, *self._workers)]

    def wait_until_ready(self) -> None:
        """Return when every user waits for the beginning.

        Raises:
            EnvironmentProblem: the process has ended, or takes too long.
        """

        def is_ready() -> bool:
            self.check()
            self.log.read_more()
            self._start_workers()
            return self.log.ready

        within_s = _ready_within_s(self._plan.workers)
        if not wait_until(is_ready, within_s=within_s):
            raise EnvironmentProblem(f"the load generator was not ready within {within_s:.0f} s")

    def begin(self) -> float:
        """Start the load of a generator that is ready; return when, on the monotonic clock: before its first page."""
        begins_s = time.monotonic()
        self._process.send(signal.SIGUSR1)
        return begins_s

    def check(self) -> None:
        """Raise EnvironmentProblem, with the last line that Locust printed, if a process has ended by itself."""
        for number, worker in enumerate(self._workers, 1):
            _check(worker, f"worker {number} of {len(self._workers)} has ended: ")
        _check(self._process, "")

    def check_complete(self) -> None:
        """Raise EnvironmentProblem if a load that has been stopped has workers whose last requests are missing."""
        if self._plan.workers and not all(log.complete for log in self.logs):
            raise EnvironmentProblem("the load failed: a worker has not sent its last requests")

    def stop(self) -> None:
        """End it if it still runs; it writes its page first."""
        if self._process.is_running and not all(worker.is_running for worker in self._workers):
            self._processes.kill(self._process)  # it would wait for what a dead worker cannot send
        self._processes.stop()
        self._worker_processes.stop()

    def _start_workers(self) -> None:
        """Start the workers that run here, once the master has said where it listens."""
        workers = self._plan.workers
        if self._workers or not workers or workers.port or self.log.port is None:
            return
        arguments = ["--locustfile", str(_locustfile(self._plan)), "--loglevel", "ERROR"]
        arguments += ["--worker", "--master-host", HOST, "--master-port", str(self.log.port)]
        for number in range(1, workers.count + 1):
            name = f"load worker {number}"
            self._workers.append(start_locust(self._worker_processes, arguments, name, self._output(number)))

    def _output(self, worker: int) -> Path:
        """Return a new file for what a worker prints; 0: the process that writes the log."""
        output = self.log.path.with_suffix(f".worker-{worker}.locust.log" if worker else ".locust.log")
        output.unlink(missing_ok=True)
        return output


def _check(process: ProcessGroup, which: str) -> None:
    if not process.is_running:
        last_line = "".join(process.last_lines(1)) or "it printed nothing"
        raise EnvironmentProblem(f"the load failed: {which}{last_line}")


def _ready_within_s(workers: Workers | None) -> float:
    if not workers:
        return READY_WITHIN_S
    return JOINED_WITHIN_S if workers.port else READY_WITHIN_S + READY_WITHIN_A_WORKER_S * workers.count


def _arguments(url: str, plan: Plan, request_log: Path, html: Path | None, also: Sequence[str]) -> list[str]:
    arguments = ["--host", url, "--headless", *_shape(plan, hosts=1 + len(also)), *_master(plan.workers)]
    arguments += ["--seed", str(plan.seed), "--on-signal", "--last-start", str(plan.duration_s)]
    arguments += ["--run-time", f"{_lasts_s(plan):.0f}s", "--request-log", str(request_log)]
    arguments += ["--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
    arguments += ["--only", plan.only] if plan.only else []
    arguments += ["--html", str(html)] if html else []
    arguments += ["--also", *also] if also else []
    return arguments


def _lasts_s(plan: Plan) -> float:
    """Return after which time it ends by itself; a master first waits for the workers of the other gateway, too."""
    return plan.duration_s + OVERTIME_S + (_ready_within_s(plan.workers) if plan.workers else 0.0)


def _master(workers: Workers | None) -> list[str]:
    if not workers:
        return []
    listens_at = ("--master-bind-host", HOST, "--master-bind-port", str(workers.port))
    return ["--master", *listens_at, "--expect-workers", str(workers.count)]


def _locustfile(plan: Plan) -> Path:
    return CLOSED_LOAD if isinstance(plan.load, Closed) else OPEN_LOAD


def _shape(plan: Plan, hosts: int) -> list[str]:
    shape = ["--locustfile", str(_locustfile(plan))]
    if isinstance(plan.load, Closed):
        # Locust makes all users at once, before the signal: they join after it
        users, ramp_per_s, pause_s = str(plan.load.users), str(plan.load.ramp_per_s or 0), map(str, plan.load.pause_s)
        shape += ["--users", users, "--spawn-rate", users]
        return [*shape, "--ramp", ramp_per_s, "--pause", *pause_s]
    one_for_each_host = str(hosts * (plan.workers.count if plan.workers else 1))  # in each worker
    shape += ["--users", one_for_each_host, "--spawn-rate", one_for_each_host]
    return [*shape, "--arrival-rate", str(plan.load.arrival_rate_per_s)]
