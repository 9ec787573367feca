"""comparison_report.json, written and read."""

import json
from pathlib import Path
from typing import Any

import pytest

from experiment.errors import UsageError
from experiment.phases import Phase
from experiment.results.model import Claim, Report, read_report
from load.outcomes import Outcome
from support.recordings import recording, report_of, request
from support.story import story


@pytest.fixture(scope="module")
def report() -> Report:
    """Return the report of a run with a request of each outcome."""
    return report_of(recording(request(n, outcome) for n, outcome in enumerate(Outcome, 1)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a report is."""
    return tmp_path / "comparison_report.json"


def refusal(path: Path) -> str:
    """Return why a report can't be read, in one line that names it."""
    with pytest.raises(UsageError) as refused:
        read_report(path)
    text = str(refused.value)
    assert str(path) in text
    assert "\n" not in text
    return text.replace(str(path), "FILE")


def test_reads_what_it_wrote(path: Path, report: Report) -> None:
    """A report is the same after writing and reading."""
    report.write(path)
    assert read_report(path) == report


def test_report_has_all_phases_and_both_gateways(report: Report) -> None:
    """A report has each gateway's whole run, phases and seconds."""
    assert set(report.gateways) == set(report.series) == {"api-gateway-v1", "api-gateway-v2"}
    for result in report.gateways.values():
        assert list(result.phases) == list(Phase)
        assert result.whole_run.all_routes.accounts.scheduled == len(Outcome)
    assert len(report.series["api-gateway-v1"].scheduled) == 32
    assert [span.phase for span in report.timeline.phases] == list(Phase)
    assert (report.timeline.fault_s, report.timeline.healed_s, report.timeline.end_s) == (10.0, 20.0, 32.0)
    assert report.experiment.threads == {"api-gateway-v1": 64, "api-gateway-v2": 64}


def test_interrupted_run_claims_nothing() -> None:
    """An interrupted run has the phases that it reached, and no claims."""
    cut = report_of(recording([request(1)], story(None, None, 5.0), complete=False))
    assert (cut.complete, cut.claims, cut.checks) == (False, [], [])
    assert list(cut.gateways["api-gateway-v1"].phases) == [Phase.HEALTHY]
    assert cut.held


def test_report_holds_when_every_claim_does(report: Report) -> None:
    """A report holds unless one of its claims does not."""
    held = Claim(name="", measured=1, relation="=", threshold=1, unit="", held=True)
    broken = held.model_copy(update={"held": False})
    assert report.model_copy(update={"claims": [held, held]}).held
    assert not report.model_copy(update={"claims": [held, broken]}).held


def test_rejects_missing_report(path: Path) -> None:
    """A missing file or a folder is reported with the reason."""
    assert refusal(path) == "cannot read FILE: No such file or directory"
    assert refusal(path.parent) == "cannot read FILE: Is a directory"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff\xfe"], ids=["empty", "no version", "no object", "not UTF-8"]
)
def test_rejects_other_file(path: Path, content: bytes) -> None:
    """A file that is no JSON object with a version is no report."""
    path.write_bytes(content)
    assert refusal(path) == "FILE is not a report: no JSON object with a schema_version"


@pytest.mark.parametrize(
    ("head", "version"), [({"schema_version": 1}, "1"), ({"schema_version": 4}, "4"), ({"schema_version": "3"}, "3")]
)
def test_rejects_other_version(path: Path, head: dict[str, Any], version: str) -> None:
    """A report of an older or newer version is rejected with both versions."""
    path.write_text(json.dumps(head))
    assert refusal(path) == f"FILE is a report of version {version}; this run_demo.py reads version 3"


@pytest.mark.parametrize(
    ("where", "value", "text"),
    [
        (("complete",), "perhaps", "complete: "),
        (("experiment", "load", "kind"), "tidal", "experiment.load.kind: should be one of 'closed', 'open'"),
        (("experiment", "good_within_s"), float("nan"), "experiment.good_within_s: Input should be a finite number"),
        (("colour",), "blue", "colour: Extra inputs are not permitted"),
    ],
)
def test_names_a_broken_field(path: Path, report: Report, where: tuple[str, ...], value: object, text: str) -> None:
    """A field with a bad value is named by its path in the report."""
    content = json.loads(report.model_dump_json())
    part = content
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = value
    path.write_text(json.dumps(content))
    assert refusal(path).startswith(f"FILE is a broken report: {text}")


def test_names_a_missing_field(path: Path, report: Report) -> None:
    """A missing field is named by its path in the report."""
    path.write_text(report.model_dump_json(exclude={"experiment": {"seed"}}))
    assert refusal(path) == "FILE is a broken report: experiment.seed: Field required"
