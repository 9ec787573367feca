"""What is published about comparison_report.json is true of it."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from experiment.plan import Closed, Open
from experiment.results import model as parts
from experiment.results.schema import PAGE, SCHEMA, page, schema
from experiment.run.timeline import FROM_THE_START, Story
from load.outcomes import Outcome
from load.request_log import Request
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


@pytest.mark.parametrize(("path", "written"), [(SCHEMA, schema), (PAGE, page)], ids=["schema", "page"])
def test_published_files_are_what_the_code_says(path: Path, written: Callable[[], str]) -> None:
    """After a change of experiment/results/model/: `python -m experiment.results.schema`."""
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
    """Whatever kind of run it was."""
    made = report_of(recording(requests, told, load, complete=complete))
    assert [error.message for error in validator.iter_errors(json.loads(made.model_dump_json()))] == []


def test_schema_refuses_what_is_no_report(validator: Draft202012Validator) -> None:
    """A field that is missing, and one too many."""
    whole = json.loads(report_of(recording(REQUESTS)).model_dump_json())
    assert not validator.is_valid({name: value for name, value in whole.items() if name != "timeline"})
    assert not validator.is_valid(whole | {"colour": "blue"})


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_field_has_a_place_on_the_page(model: type[BaseModel]) -> None:
    """Under the heading of its part, with its type; a link leads to a heading that is there."""
    text = PAGE.read_text(encoding="utf-8")
    (section,) = [found for found in text.split("\n## ") if found.startswith(f"{model.__name__}\n")]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    assert [cells[0].removeprefix("| ") for cells in rows] == list(model.model_fields)
    assert all(len(cells) == 3 and cells[1] not in ("", "any", "None") for cells in rows)
    for link in (cells[1].partition("](#")[2].partition(")")[0] for cells in rows if "](#" in cells[1]):
        assert link in {heading.splitlines()[0].lower() for heading in text.split("\n## ")}
