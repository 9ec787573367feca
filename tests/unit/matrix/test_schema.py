"""The published description of matrix.json."""

import json

from jsonschema import Draft202012Validator

from matrix.schema import MATRIX
from support.matrices import a_matrix


def test_published_files_are_up_to_date() -> None:
    """The published files match matrix/model.py; `python -m matrix.schema` rewrites them."""
    assert MATRIX.schema_file.read_text(encoding="utf-8") == MATRIX.schema()
    assert MATRIX.page_file.read_text(encoding="utf-8") == MATRIX.page()


def test_matrices_follow_the_schema() -> None:
    """Whole and interrupted ones are valid, and one with an unknown field is not."""
    validator = Draft202012Validator(json.loads(MATRIX.schema()))
    for complete in (True, False):
        made = json.loads(a_matrix(complete=complete).model_dump_json())
        assert [error.message for error in validator.iter_errors(made)] == []
    assert not validator.is_valid(made | {"colour": "blue"})
