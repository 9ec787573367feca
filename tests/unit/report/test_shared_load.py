"""The workers of a load, in words."""

from experiment.results.model import Report
from load.outcomes import Outcome
from report.shared_load import shared_load
from support.recordings import recording, report_of, request
from support.report_parts import load_worker


def report_with(*requests: int) -> Report:
    """Return a report in which v2's load was made by workers with these numbers of requests."""
    report = report_of(recording([request(1, Outcome.FULL)]))
    made = [load_worker(n, count, clock_error_ms=n / 10) for n, count in enumerate(requests, 1)]
    report.gateways["api-gateway-v2"].generator.workers = made
    return report


def test_one_process_needs_no_words() -> None:
    """Nothing is said of a load that one process made."""
    assert list(shared_load(report_with())) == []


def test_says_who_made_how_much_and_how_well_clocks_are_known() -> None:
    """The requests of each worker are listed, and the largest error of a clock."""
    (found,) = shared_load(report_with(1500, 1499))
    assert found == (
        "2 load workers made the requests to api-gateway-v2: 1,500 + 1,499. Clocks are compared to within 0.20 ms."
    )
