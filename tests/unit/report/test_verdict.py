"""The verdict of a run."""

from typing import Any

import pytest

from experiment.measure.claim import claim
from experiment.phases import Phase
from report.verdict import shown, statements, verdict
from support.reports import CLASSIC, a_report


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({}, ["While recommendations hung for 40 s, v1 served none of its", "v2 all of its", "within 1 s"]),
        ({"phases_s": CLASSIC}, ["hung for 60 s from the start"]),
        ({"phases_s": {Phase.HEALTHY: 5.0}}, ["all services healthy for 5 s and no fault put in", "v1 served all of"]),
        ({"interrupted_after_s": 32.0}, ["INTERRUPTED after 32 s, so nothing is claimed.", "hung for 17 s"]),
        ({"interrupted_after_s": 6.0}, ["INTERRUPTED after 6 s", "all services healthy for 6 s"]),
        ({"interrupted_after_s": 0.0}, ["INTERRUPTED after 0 s", "No request was made, so nothing was measured."]),
        ({"open_rate_per_s": 66.0}, ["v1 served none of its", "v2 all of its"]),
        ({"v1_survives": True}, ["v1 served all of its", "v2 all of its"]),
    ],
)
def test_describes_each_kind_of_run(run: dict[str, Any], said: list[str]) -> None:
    """The verdict describes each kind of run with its own numbers."""
    told = verdict(a_report(**run)[0])
    assert all(part in told for part in said), told


def test_names_broken_claims_first() -> None:
    """Broken claims come first, with measurement and threshold."""
    first, *_ = statements(a_report(v2_fails=True)[0])
    assert first.kind == "unheld"
    assert first.text.startswith("2 OF 3 CLAIMS DO NOT HOLD: v2 serves every product page: measured 5")
    assert "asked for exactly 100 %" in first.text


def test_claim_without_a_measurement_says_never() -> None:
    """A claim whose event never happened says so."""
    report, _ = a_report()
    report.claims[0] = report.claims[0].model_copy(update={"measured": None, "held": False})
    assert "measured never" in statements(report)[0].text


def test_does_not_praise_a_protection_that_did_not_help() -> None:
    """The verdict says that v2 was no better when it served a smaller share than v1."""
    report, _ = a_report(v1_survives=True, v2_fails=True)
    assert "no better than v1." in verdict(report)


def test_broken_claim_of_an_earlier_run_is_reported() -> None:
    """The verdict of several runs reports broken claims in any of them."""
    first, *_ = statements(a_report(phases_s=CLASSIC, repeats=3)[0])
    assert first.kind == "unheld"
    assert first.text.startswith("NOT EVERY CLAIM HELD IN 1 OF 3 RUNS.")


def test_warnings_come_last() -> None:
    """The verdict ends with the first warning and the number of others."""
    report, _ = a_report(phases_s={Phase.HEALTHY: 2.0}, warnings=["The generator was slow.", "Another."])
    assert verdict(report).endswith("Beware: The generator was slow (and 1 more).")


def test_claim_that_fails_narrowly_shows_that_it_fails() -> None:
    """Where measurement and threshold would be rounded to the same number, both are shown as they are."""
    narrow = claim("answers a second", 63.31, ">=", 63.34, "/s")
    assert shown(narrow) == "answers a second: measured 63.31 /s, asked for at least 63.34 /s"
