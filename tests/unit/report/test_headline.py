"""The headline numbers."""

from experiment.phases import Phase
from report.headline import METRICS, headline
from support.reports import CLASSIC, V1, V2, a_report


def names(phases_s: dict[Phase, float]) -> set[str]:
    """Return the names of the numbers that a run with these phases gives."""
    return {found.metric.name for found in headline(a_report(phases_s)[0])}


def test_normal_run_gives_every_number_of_both_gateways() -> None:
    """In the order of the list."""
    found = headline(a_report()[0])
    assert [measured.metric for measured in found] == list(METRICS)
    assert all(set(measured.values) == {V1, V2} for measured in found)


def test_numbers_are_those_of_the_fault() -> None:
    """Not of the whole run."""
    report, _ = a_report()
    pages = report.gateways[V1].phases[Phase.FAULT].product_details
    found = {measured.metric.name: measured for measured in headline(report)}
    assert pages.latency.answered is not None
    assert found["Product pages in the fault: median"].values[V1] == pages.latency.answered.p50_ms
    assert found["Product pages served in time, in the fault"].text(V1) == "0 %"
    assert found["Product pages served in time, in the fault"].text(V2) == "100 %"


def test_what_never_came_is_said_so() -> None:
    """v1 has no circuit that could open, and answered nothing before this run was interrupted."""
    found = {m.metric.name: m for m in headline(a_report(interrupted_after_s=32.0)[0])}
    assert found["Fault to circuit OPEN"].text(V1) == "never"
    assert found["Product pages in the fault: median"].text(V1) == "no answer"


def test_numbers_of_a_phase_that_was_not_are_left_out() -> None:
    """The classic run has no recovery; a healthy run has no fault; a run without a request has nothing."""
    assert "Healed to circuit CLOSED" not in names(CLASSIC)
    assert "Fault to circuit OPEN" in names(CLASSIC)
    assert names({Phase.HEALTHY: 5.0}) == {"Degraded although recommendations were healthy"}
    assert headline(a_report(interrupted_after_s=0.0)[0]) == []


def test_latency_of_a_few_lucky_ones_is_none() -> None:
    """Where fewer were answered than a percentile speaks of, it says that there was no answer."""
    report, _ = a_report()
    catalogue = report.gateways[V1].phases[Phase.FAULT].catalogue
    catalogue.accounts.scheduled *= 2  # as if half had waited for ever
    found = {measured.metric.name: measured for measured in headline(report)}
    assert found["Catalogue in the fault: p99"].text(V1) == "no answer"
    assert found["Catalogue in the fault: p99"].text(V2) != "no answer"
