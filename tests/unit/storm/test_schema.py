"""The published description of storm.json."""

import json

from jsonschema import Draft202012Validator

from storm.schema import STORM
from support.storms import a_run, a_storm


def test_published_files_are_up_to_date() -> None:
    """The published files match storm/model.py; `python -m storm.schema` rewrites them."""
    assert STORM.schema_file.read_text(encoding="utf-8") == STORM.schema()
    assert STORM.page_file.read_text(encoding="utf-8") == STORM.page()


def test_storms_follow_the_schema() -> None:
    """Whole and interrupted storms are valid, and one with an unknown field is not."""
    validator = Draft202012Validator(json.loads(STORM.schema()))
    for seeds, with_loop in ((1, True), (2, False)):
        made = json.loads(a_storm(a_run(), seeds=seeds, with_loop=with_loop).model_dump_json())
        assert [error.message for error in validator.iter_errors(made)] == []
    assert not validator.is_valid(made | {"colour": "blue"})
