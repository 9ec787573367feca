"""The raw request log loses nothing."""

from pathlib import Path

from experiment.outcomes import Outcome, Route
from experiment.request_log import RequestLog, RequestLogWriter


def test_request_without_an_end_is_unanswered(tmp_path: Path) -> None:
    """What has started and not ended stays in the accounts."""
    writer = RequestLogWriter(tmp_path / "log")
    writer.start("a", Route.PRODUCT_DETAILS)
    writer.start("b", Route.CATALOGUE)
    writer.end("a", 200, Outcome.DEGRADED)
    writer.close()
    log = RequestLog(tmp_path / "log")
    log.read_more()
    assert {r.request_id: r.outcome for r in log.requests.values()} == {"a": "degraded", "b": "unanswered"}
    assert log.requests["b"].latency_ms is None
    assert (log.requests["a"].latency_ms or -1) >= 0


def test_log_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    """Half a line waits for its other half; nothing is read twice."""
    path = tmp_path / "log"
    log = RequestLog(path)
    log.read_more()  # not there yet
    path.write_text('{"id": "a", "at": 1.0, "route": "/products/[id]"}\n{"id": "a", "at"')
    log.read_more()
    assert log.requests["a"].outcome is Outcome.UNANSWERED
    with path.open("a") as file:
        file.write(': 1.5, "status": 200, "outcome": "full"}\n')
    log.read_more()
    assert (log.requests["a"].outcome, log.requests["a"].latency_ms) == (Outcome.FULL, 500.0)
