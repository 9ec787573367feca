"""The published description of explore.json."""

import json

from jsonschema import Draft202012Validator

from explore.schema import EXPLORATION
from support.explorations import a_verification, an_exploration


def test_published_files_are_up_to_date() -> None:
    """The published files match explore/model.py; `python -m explore.schema` rewrites them."""
    assert EXPLORATION.schema_file.read_text(encoding="utf-8") == EXPLORATION.schema()
    assert EXPLORATION.page_file.read_text(encoding="utf-8") == EXPLORATION.page()


def test_explorations_follow_the_schema() -> None:
    """One with a verification and one without are valid, and one with an unknown field is not."""
    validator = Draft202012Validator(json.loads(EXPLORATION.schema()))
    for verified in (None, a_verification()):
        found = an_exploration()
        found.verification = verified
        made = json.loads(found.model_dump_json())
        assert [error.message for error in validator.iter_errors(made)] == []
        assert not validator.is_valid(made | {"colour": "blue"})
