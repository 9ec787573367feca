"""The headline numbers."""

from experiment.phases import Phase
from report.headline import METRICS, headline
from support.reports import CLASSIC, V1, V2, a_report


def names(phases_s: dict[Phase, float]) -> set[str]:
    """Return the names of the numbers that a run with these phases gives."""
    return {found.metric.name for found in headline(a_report(phases_s)[0])}


def test_normal_run_gives_every_number() -> None:
    """A normal run gives every headline number for both gateways, in order."""
    found = headline(a_report()[0])
    assert [measured.metric for measured in found] == list(METRICS)
    assert all(set(measured.values) == {V1, V2} for measured in found)


def test_numbers_are_those_of_the_fault() -> None:
    """The headline numbers are those of the fault phase, not of the whole run."""
    report, _ = a_report()
    pages = report.gateways[V1].phases[Phase.FAULT].product_details
    found = {measured.metric.name: measured for measured in headline(report)}
    assert pages.latency.answered is not None
    assert found["Product pages in the fault: median"].values[V1] == pages.latency.answered.p50_ms
    assert found["Product pages served in time, in the fault"].text(V1) == "0 %"
    assert found["Product pages served in time, in the fault"].text(V2) == "100 %"


def test_missing_value_is_named() -> None:
    """A value that does not exist is shown as never or no answer."""
    found = {m.metric.name: m for m in headline(a_report(interrupted_after_s=32.0)[0])}
    assert found["Fault to circuit OPEN"].text(V1) == "never"
    assert found["Product pages in the fault: median"].text(V1) == "no answer"


def test_omits_numbers_of_missing_phases() -> None:
    """A run without a phase leaves out the numbers of that phase."""
    assert "Healed to circuit CLOSED" not in names(CLASSIC)
    assert "Fault to circuit OPEN" in names(CLASSIC)
    assert names({Phase.HEALTHY: 5.0}) == {"Degraded outside the fault"}
    assert headline(a_report(interrupted_after_s=0.0)[0]) == []


def test_latency_needs_enough_answers() -> None:
    """A percentile is left out when fewer requests were answered than it describes."""
    report, _ = a_report()
    catalogue = report.gateways[V1].phases[Phase.FAULT].catalogue
    catalogue.accounts.scheduled *= 2  # as if half had waited for ever
    found = {measured.metric.name: measured for measured in headline(report)}
    assert found["Catalogue in the fault: p99"].text(V1) == "no answer"
    assert found["Catalogue in the fault: p99"].text(V2) != "no answer"
