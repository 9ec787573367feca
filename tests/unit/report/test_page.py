"""comparison_report.html, as a file."""

import re
from base64 import b64decode
from pathlib import Path
from struct import unpack

import pytest
from markupsafe import escape

from experiment.phases import Phase
from experiment.results.model import Report
from experiment.results.requests_file import RequestRow
from report.offline_page import CHARTS, TABLE
from report.page import write_page
from report.page.big_numbers import big_numbers
from report.page.page import FOLDER, SCRIPTS
from report.page.points import NAMED_AT_MOST, OUTCOMES, points
from report.verdict import shown
from support.reports import V1, V2, a_report

LARGEST_BYTES = 6_000_000
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


def page_of(folder: Path, report: Report, rows: list[RequestRow]) -> str:
    """Return the page of a run, without the library that draws."""
    path = folder / "comparison_report.html"
    write_page(path, report, rows)
    page, library = path.read_text(encoding="utf-8"), CHARTS.read_text(encoding="utf-8")
    assert page.count(library) == 1
    return page.replace(library, "")


@pytest.mark.parametrize(
    "part", [CHARTS, *(FOLDER / "scripts" / name for name in SCRIPTS), FOLDER / "page.css", TABLE / "table.css"]
)
def test_inlined_file_does_not_close_its_element(part: Path) -> None:
    """No script or style names its own end tag, which would end it early."""
    assert not re.search(r"</(script|style)|<!--", part.read_text(encoding="utf-8"), re.IGNORECASE)


def test_inlines_every_script() -> None:
    """Every script in the folder is part of the page."""
    assert sorted(SCRIPTS) == sorted(path.name for path in (FOLDER / "scripts").iterdir())


def test_each_script_comes_after_those_it_imports() -> None:
    """A script of the page may use only names that an earlier one has defined."""
    for position, name in enumerate(SCRIPTS):
        imported = re.findall(r'from "\./([^"]+)"', (FOLDER / "scripts" / name).read_text(encoding="utf-8"))
        assert set(imported) <= set(SCRIPTS[:position]), name


def test_page_imports_nothing(tmp_path: Path) -> None:
    """A page in a file has no modules: their imports and exports are gone from it."""
    page = page_of(tmp_path, *a_report(phases_s={Phase.HEALTHY: 2.0}))
    assert not re.search(r"^(import|export)\b", page, re.MULTILINE)


def test_page_of_a_hundred_thousand_requests_stays_small(tmp_path: Path) -> None:
    """A page of 100,000 requests is small enough for a phone or an e-mail."""
    report, rows = a_report(open_rate_per_s=505.0)
    assert len(rows) > 100_000
    page_of(tmp_path, report, rows)
    assert (tmp_path / "comparison_report.html").stat().st_size < LARGEST_BYTES


def test_page_is_self_contained(tmp_path: Path) -> None:
    """No element of the page refers to another file or address."""
    page = page_of(tmp_path, *a_report(phases_s={Phase.HEALTHY: 2.0}))
    assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"(?!data:)", page) == []
    assert "@import" not in page


def test_page_has_every_claim_and_warning(tmp_path: Path) -> None:
    """The page shows every warning, and every claim whether it holds or not."""
    report, rows = a_report(v2_fails=True, warnings=["The first.", "The second."])
    page = page_of(tmp_path, report, rows)
    assert all(str(escape(shown(claim))) in page for claim in report.claims)
    assert page.count("<b>does not hold</b>") == 2
    assert all(f"<li>{warning}</li>" in page for warning in report.warnings)


def test_text_of_a_run_is_never_markup(tmp_path: Path) -> None:
    """Text from a report is escaped in the page and in the data for its scripts."""
    report, rows = a_report(phases_s={Phase.HEALTHY: 1.0}, warnings=[EVIL])
    report.experiment.faults[0] = report.experiment.faults[0].model_copy(update={"spec": EVIL})
    page = page_of(tmp_path, report, rows)
    assert "<script>alert" not in page
    assert "<img" not in page


def test_points_hold_every_request_in_order() -> None:
    """Packed points unpack to the same requests, and an unanswered one has no latency."""
    report, rows = a_report(interrupted_after_s=20.0)
    mine = [row for row in rows if row.gateway == V1]
    packed = points(report, rows)[V1]
    latencies = unpack(f"<{len(mine)}f", b64decode(str(packed["latency_ms"])))
    assert [OUTCOMES[code] for code in b64decode(str(packed["outcome"]))] == [row.outcome for row in mine]
    assert packed["request_id"] == [row.request_id for row in mine]
    for row, latency in zip(mine, latencies, strict=True):
        assert latency == pytest.approx(row.latency_ms) if row.latency_ms is not None else latency != latency  # noqa: PLR0124 - NaN


def test_page_of_a_large_run_has_no_request_ids() -> None:
    """The page of a large run leaves request ids out to stay small."""
    report, rows = a_report(open_rate_per_s=505.0)
    assert len(rows) > NAMED_AT_MOST
    assert points(report, rows)[V1]["request_id"] is None


def test_big_numbers_judge_the_number_and_not_the_gateway() -> None:
    """A v2 that fails half of its pages is not shown as good."""
    served, typical, catalogue = big_numbers(a_report()[0])
    assert [served.values[gateway].tone for gateway in (V1, V2)] == ["bad", "good"]
    assert typical.values[V1].text.endswith(" s")
    assert catalogue.values[V2].text == "100 %"
    failing, _, _ = big_numbers(a_report(v2_fails=True)[0])
    assert failing.values[V2].tone != "good"


def test_run_without_requests_has_no_big_numbers() -> None:
    """A run without a request has no numbers to remember."""
    assert big_numbers(a_report(interrupted_after_s=0.0)[0]) == []
