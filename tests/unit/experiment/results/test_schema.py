"""The published description of comparison_report.json."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from experiment.plan import Closed, Open
from experiment.results import model as parts
from experiment.results.schema import PAGE, REPORT, SCHEMA
from experiment.run.timeline import FROM_THE_START, Story
from load.outcomes import Outcome
from load.requests_table import Request
from support.recordings import recording, report_of, request
from support.story import story

REQUESTS = [request(n, outcome) for n, outcome in enumerate(Outcome, 1)]
CLASSIC = Story(FROM_THE_START, load_ends_s=30.0, ends_s=32.0)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """Return what judges by the published schema."""
    published = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(published)
    return Draft202012Validator(published)


def models() -> list[type[BaseModel]]:
    """Return every part of the report."""
    return [part for part in vars(parts).values() if isinstance(part, type) and issubclass(part, BaseModel)]


@pytest.mark.parametrize(("path", "written"), [(SCHEMA, REPORT.schema), (PAGE, REPORT.page)], ids=["schema", "page"])
def test_published_files_are_up_to_date(path: Path, written: Callable[[], str]) -> None:
    """The published files match experiment/results/model/; `python -m experiment.results.schema` rewrites them."""
    assert path.read_text(encoding="utf-8") == written()


@pytest.mark.parametrize(
    ("requests", "told", "load", "complete"),
    [
        (REQUESTS, story(), Closed(100), True),
        (REQUESTS, CLASSIC, Closed(100, 10), True),
        (REQUESTS, story(), Open(50.0), True),
        (REQUESTS[:1], story(None, None, 5.0), Closed(100), False),
        ([], story(None, None, 0.5), Closed(100), False),
    ],
    ids=["whole", "classic", "open load", "interrupted", "interrupted at once"],
)
def test_reports_follow_the_schema(
    validator: Draft202012Validator, requests: Iterable[Request], told: Story, load: Closed | Open, complete: bool
) -> None:
    """Reports of every kind of run are valid by the published schema."""
    made = report_of(recording(requests, told, load, complete=complete))
    assert [error.message for error in validator.iter_errors(json.loads(made.model_dump_json()))] == []


def test_schema_rejects_missing_and_unknown_fields(validator: Draft202012Validator) -> None:
    """The schema rejects a report that lacks a field or has an unknown one."""
    whole = json.loads(report_of(recording(REQUESTS)).model_dump_json())
    assert not validator.is_valid({name: value for name, value in whole.items() if name != "timeline"})
    assert not validator.is_valid(whole | {"colour": "blue"})


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_page_documents_every_field(model: type[BaseModel]) -> None:
    """The page lists each field of each part with its type, and its links lead to headings that exist."""
    text = PAGE.read_text(encoding="utf-8")
    (section,) = [found for found in text.split("\n## ") if found.startswith(f"{model.__name__}\n")]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    assert [cells[0].removeprefix("| ") for cells in rows] == list(model.model_fields)
    assert all(len(cells) == 3 and cells[1] not in ("", "any", "None") for cells in rows)
    for link in (cells[1].partition("](#")[2].partition(")")[0] for cells in rows if "](#" in cells[1]):
        assert link in {heading.splitlines()[0].lower() for heading in text.split("\n## ")}
