"""`compare` on local processes: its claims hold, its counts agree, its files exist."""

import json
from collections import Counter

import jsonschema
import pytest

from experiment.phases import Phase
from experiment.results.model import Report
from experiment.results.requests_file import read_requests
from support.demo import ROOT, Demo

V1, V2 = "api-gateway-v1", "api-gateway-v2"

# Claims that do not depend on the speed of the machine; the others are left to the benchmarks.
NOT_ABOUT_SPEED = {
    "v2 fails no request",
    "v1 serves no product page within 1 s during the fault",
    "v2 spares the sick service: calls let through",
    "the accounts balance: counts that disagree",
}
# a shorter hang, and a circuit that probes sooner: the whole story in 18 s; and products that a busy machine makes slow
# are neither failed nor refused
SHORT = {
    "UPSTREAM_TIMEOUT_S": "3",
    "BREAKER_RESET_TIMEOUT_S": "2",
    "PRODUCT_DEADLINE_S": "20",
    "PRODUCT_SLOW_CALL_S": "10",
}


def report_in(demo: Demo) -> Report:
    """Return the report of the last run, checked against the published schema."""
    text = (demo.results / "comparison_report.json").read_text()
    schema = json.loads((ROOT / "docs" / "comparison_report.schema.json").read_text())
    jsonschema.validate(json.loads(text), schema)
    return Report.model_validate_json(text)


def test_compare(demo: Demo, own_ports: dict[str, str]) -> None:
    """The fault fails v1 and degrades v2, both recover, every request is accounted for, and all files exist."""
    # 40 users: 24 come when v1's 16 threads are taken, and some of them surely ask for the catalogue
    command = ("python3", "run_demo.py", "--users", "40", "--phases", "healthy=3,fault=7,recovery=8")
    status, out, err = demo.run(*command, env=own_ports | SHORT | {"GATEWAY_THREADS": "16"})
    assert err == ""
    report = report_in(demo)
    assert {claim.name for claim in report.claims if not claim.held}.isdisjoint(NOT_ABOUT_SPEED)
    assert {claim.name for claim in report.claims} >= NOT_ABOUT_SPEED
    assert status == (0 if report.held else 1)

    v1, v2 = report.gateways[V1].phases, report.gateways[V2].phases
    assert v1[Phase.HEALTHY].product_details.accounts.full > 0
    assert v1[Phase.FAULT].product_details.accounts.failed > 0
    assert v1[Phase.FAULT].catalogue.good < v1[Phase.FAULT].catalogue.accounts.scheduled, "the blast radius"
    assert v2[Phase.FAULT].catalogue.accounts.full == v2[Phase.FAULT].catalogue.accounts.scheduled
    assert v2[Phase.FAULT].product_details.accounts.degraded > v1[Phase.FAULT].product_details.accounts.scheduled
    assert v2[Phase.RECOVERY].product_details.accounts.full > 0
    assert {"CLOSED", "OPEN", "HALF-OPEN"} == set(report.gateways[V2].whole_run.time_in_state_s)

    assert [check for check in report.checks if check.service is None] == []
    rows = read_requests(demo.results / report.requests_file)
    for gateway in (V1, V2):
        counted = Counter(str(row.outcome) for row in rows if row.gateway == gateway)
        accounts = report.gateways[gateway].whole_run.all_routes.accounts.model_dump()
        assert accounts == {"scheduled": counted.total(), **{o: counted[o] for o in accounts if o != "scheduled"}}
    _check_log(demo, len([row for row in rows if row.gateway == V2 and row.route.startswith("/product-details")]))

    assert "circuit OPEN" in out
    for file in ("comparison_report.html", "results_v1.html", "results_v2.html"):
        assert "<html" in (demo.results / file).read_text()
    assert "| Failure rate" in (demo.results / "summary.md").read_text()


def _check_log(demo: Demo, pages: int) -> None:
    """Assert that v2's own log has a line for each product page in the load's account."""
    lines = [json.loads(line) for line in (demo.results / "logs" / f"{V2}.log").read_text().splitlines()]
    logged = [line for line in lines if line.get("path", "").startswith("/product-details/")]
    assert len(logged) == pages
    assert all(line["request_id"].startswith("load-") for line in logged)


@pytest.mark.slow
def test_faults_of_the_process_and_of_products(demo: Demo, own_ports: dict[str, str]) -> None:
    """A killed service fails v1, degrades v2, and comes back; the other service may be sick in its own way."""
    faults = ("--fault", "kill,cold_s=1", "--fault", "product:slow,delay_s=0.05")
    command = ("python3", "run_demo.py", *faults, "--users", "8", "--phases", "healthy=2,fault=3,recovery=6")
    status, out, err = demo.run(*command, env=own_ports | SHORT)
    assert (status in (0, 1), err) == (True, ""), out  # and not 3: the service came back in time
    report = report_in(demo)
    assert [fault.spec for fault in report.experiment.faults] == ["kill,cold_s=1.0", "product:slow,delay_s=0.05"]
    assert "recommendations were dead and products were slow" in " ".join(out.split())
    v1, v2 = report.gateways[V1].phases, report.gateways[V2].phases
    assert v1[Phase.FAULT].product_details.good == 0 < v1[Phase.FAULT].product_details.accounts.failed
    assert v2[Phase.FAULT].product_details.accounts.failed == 0 < v2[Phase.FAULT].product_details.accounts.degraded
    assert not any("reached recommendations" in check.what for check in report.checks)


def test_bad_fault_is_refused_before_anything_starts(demo: Demo) -> None:
    """A fault that is none is refused in one line that says what is allowed."""
    for fault, problem in (("meteor", "no fault 'meteor'; there are: hang"), ("hang,delay_s=0", "greater than 0")):
        status, out, err = demo.run("python3", "run_demo.py", "--fault", fault)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert problem in err


@pytest.mark.slow
def test_classic_open_load_repeated_prints_json(demo: Demo, own_ports: dict[str, str]) -> None:
    """--classic starts with the fault, --arrival-rate sends both the same, --repeat gives each run a folder.

    With --json, only the report is printed.
    """
    load = ("--arrival-rate", "20", "--duration", "5", "--seed", "3")
    status, out, err = demo.run("python3", "run_demo.py", "--classic", *load, "--repeat", "2", "--json", env=own_ports)
    assert (status in (0, 1), err) == (True, "")
    report = Report.model_validate_json(out)
    assert report == report_in(demo)
    assert (report.timeline.fault_s, report.timeline.healed_s) == (0, None)
    assert list(report.gateways[V1].phases) == [Phase.FAULT]
    pages = report.gateways[V1].whole_run.product_details.accounts
    assert pages.unanswered == pages.scheduled > 0
    assert report.repeat is not None
    assert (report.repeat.runs, len(report.repeat.claims_held)) == (["run-1", "run-2"], 2)
    assert all((demo.results / run / "comparison_report.html").exists() for run in report.repeat.runs)

    rows = read_requests(demo.results / report.requests_file)
    v1, v2 = ([row for row in rows if row.gateway == gateway] for gateway in (V1, V2))
    assert [row.route for row in v1] == [row.route for row in v2], "although v1 is stuck"
    assert [row.intended_s for row in v1] == pytest.approx([row.intended_s for row in v2], abs=0.5)
