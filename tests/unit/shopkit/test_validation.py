"""What is wrong with data, in one line."""

import pytest
from pydantic import BaseModel, ValidationError

from shopkit.validation import Problem, first_problem, problems


class Shelf(BaseModel):
    """Data with a nested number."""

    sizes: list[int]
    name: str


def error_of(data: str) -> ValidationError:
    """Return what pydantic raises for this JSON."""
    with pytest.raises(ValidationError) as caught:
        Shelf.model_validate_json(data)
    return caught.value


def test_first_problem_names_the_path_of_its_field() -> None:
    """A problem reads as field path and message, and holds the value."""
    problem = first_problem(error_of('{"sizes": [1, "x"]}'))
    assert str(problem).startswith("sizes.1: Input should be a valid integer")
    assert problem.value == "x"


def test_problem_of_the_data_as_a_whole_has_no_field() -> None:
    """It reads as the message alone."""
    assert str(first_problem(error_of("no JSON"))).startswith("Invalid JSON")


def test_problems_are_all_there() -> None:
    """Each field that is wrong has its own problem."""
    missing = "Field required"
    assert problems(error_of("{}")) == [Problem("sizes", missing, {}), Problem("name", missing, {})]
