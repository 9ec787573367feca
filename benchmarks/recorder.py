"""What it costs the load generator to write every request down: of the processor time that it needs for a request."""

import time
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks.micro import spread
from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import Recorder
from experiment.errors import EnvironmentProblem
from experiment.phases import Phase
from experiment.plan import Open, Plan
from experiment.run.generator import Generator
from experiment.waiting import wait_until
from load.outcomes import Outcome, Route
from load.request_log import RequestLog, RequestLogWriter

PAIRS = 20_000  # requests that are written down for the measurement
RATE_PER_S = 300
DURATION_S = 4.0
READY_WITHIN_S = 30.0
SEED = 1


def recorder(rounds: int, logs: Path, console: Console) -> Recorder:
    """Measure both in turn, round after round.

    Raises:
        EnvironmentProblem: a process does not start.
    """
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    assign_ports([product])
    with running([product], logs):
        console.print("the recorder")
        pairs = [(_write_us(logs / "recorder.log"), _request_us(product.url, logs)) for _ in range(rounds)]
    return Recorder(
        write_us=spread([write for write, _ in pairs], 2),
        request_us=spread([request for _, request in pairs], 0),
        share=spread([write / request for write, request in pairs], 4),
    )


def _write_us(path: Path) -> float:
    """Return the time for both lines of a request."""
    log = RequestLogWriter(path)
    started = time.process_time()
    for number in range(PAIRS):
        log.start(number, Route.PRODUCT_DETAILS, time.monotonic())
        log.end(number, 200, Outcome.FULL)
    used_s = time.process_time() - started
    log.close()
    return used_s / PAIRS * 1e6


def _request_us(url: str, logs: Path) -> float:
    """Return the processor time of the generator for one request, all that it does included."""
    plan = Plan({Phase.HEALTHY: DURATION_S}, Open(RATE_PER_S), SEED)
    log = RequestLog(logs / "generator.log")
    log.path.write_bytes(b"")
    generator = Generator(url, plan, html=logs / "generator.html", request_log=log.path)
    try:
        _wait_until_ready(log, generator)
        before_s = generator.cpu.used_s()
        generator.begin()
        time.sleep(DURATION_S)
        used_s = generator.cpu.used_s() - before_s
    except psutil.Error:
        raise EnvironmentProblem(f"the load generator ended: {generator.problem}") from None
    finally:
        generator.stop()
    log.read_more()
    return used_s / len(log.requests) * 1e6


def _wait_until_ready(log: RequestLog, generator: Generator) -> None:
    def is_ready_or_ended() -> bool:
        log.read_more()
        return log.ready or bool(generator.problem)

    if not wait_until(is_ready_or_ended, within_s=READY_WITHIN_S) or generator.problem:
        raise EnvironmentProblem(f"the load generator did not start: {generator.problem}")
