"""What it costs the load generator to log every request, as a share of its CPU time for a request."""

import time
from pathlib import Path

from rich.console import Console

from benchmarks.micro import spread
from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import Recorder
from benchmarks.traffic import traffic
from experiment.plan import Open
from load.outcomes import Outcome, Route
from load.request_log import RequestLogWriter

PAIRS = 20_000  # requests logged in one measurement
RATE_PER_S = 300
DURATION_S = 4.0


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
    with traffic(url, Open(RATE_PER_S), DURATION_S, logs, only="") as load:
        before_s = load.generator.cpu.used_s()
        load.wait_for_end(patience_s=0.0)
        used_s = load.generator.cpu.used_s() - before_s
    return used_s / len(load.generator.log.requests) * 1e6
