"""The traffic of a report."""

from pathlib import Path

import pytest

from experiment.errors import UsageError
from experiment.phases import Phase
from experiment.results.model import GatewayResult
from explore.from_report import traffic_from_report
from load.outcomes import Outcome
from support.report_parts import LENGTH_S, gateway_result, phase_result
from support.reports import CLASSIC, V1, a_report
from support.rows import row, rows


def written(folder: Path, v1: GatewayResult) -> Path:
    """Return the file of a report in which v1 did this."""
    report, _ = a_report()
    path = folder / "comparison_report.json"
    report.model_copy(update={"gateways": {**report.gateways, V1: v1}}).write(path)
    return path


def test_traffic_is_that_of_the_pages_of_v1_while_healthy(tmp_path: Path) -> None:
    """Its rate, its latency to P99, and its share of failed pages."""
    pages = [*rows(90, took_ms=20.0), *rows(9, took_ms=80.0), *rows(1, Outcome.FAILED)]
    traffic = traffic_from_report(written(tmp_path, gateway_result({Phase.HEALTHY: phase_result(pages)})))
    assert traffic.rate_per_s == len(pages) / LENGTH_S
    assert traffic.error_share == 0.01
    assert [traffic.latency.quantile_s(share) for share in (0.5, 0.99)] == pytest.approx([0.020, 0.080])


def test_page_that_waited_when_the_fault_came_is_no_error(tmp_path: Path) -> None:
    """It was asked for in the healthy phase, and failed in the next one."""
    pages = [*rows(99), row(Outcome.FAILED, LENGTH_S - 1, 30_000.0)]
    assert traffic_from_report(written(tmp_path, gateway_result({Phase.HEALTHY: phase_result(pages)}))).error_share == 0


def test_report_without_a_healthy_page_is_refused(tmp_path: Path) -> None:
    """The classic run is sick from the start."""
    path = tmp_path / "comparison_report.json"
    report, _ = a_report(CLASSIC)
    report.write(path)
    with pytest.raises(UsageError, match="has no full page of api-gateway-v1 in a healthy phase"):
        traffic_from_report(path)


def test_other_json_is_refused(tmp_path: Path) -> None:
    """So is a report of another version, or one with quantiles that cannot be."""
    path = tmp_path / "other.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="is not a report"):
        traffic_from_report(path)
    path.write_text('{"schema_version": 2}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"is a report of version 2; this run_demo\.py reads version 3"):
        traffic_from_report(path)
    broken = gateway_result({Phase.HEALTHY: phase_result(rows(9, took_ms=0.0))})
    with pytest.raises(UsageError, match="is a broken report: p50=0s: expected"):
        traffic_from_report(written(tmp_path, broken))
