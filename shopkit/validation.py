"""What pydantic finds wrong with data, in one line: `field: message`."""

from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

NO_KIND = ("union_tag_invalid", "union_tag_not_found")
SHOWN = 400  # characters of a message or a field; either may hold what somebody sent


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    field: str  # dotted path; empty: the data as a whole
    message: str
    value: object

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


def problems(error: ValidationError) -> list[Problem]:
    """Return everything that is wrong, in pydantic's order; there is at least one problem."""
    return [
        Problem(_shown(".".join(str(part) for part in _field(found))), _shown(_message(found)), found["input"])
        for found in error.errors(include_url=False)
    ]


def first_problem(error: ValidationError) -> Problem:
    """Return the first thing that is wrong."""
    return problems(error)[0]


def _field(found: ErrorDetails) -> tuple[int | str, ...]:
    """Return where the problem is; that a kind is unknown, pydantic says of the whole, and not of the field for it."""
    return (*found["loc"], found["ctx"]["discriminator"].strip("'")) if found["type"] in NO_KIND else found["loc"]


def _message(found: ErrorDetails) -> str:
    match found["type"]:
        case "union_tag_invalid":
            return f"should be one of {found['ctx']['expected_tags']}, not '{found['ctx']['tag']}'"
        case "union_tag_not_found":
            return "Field required"
    return found["msg"].removeprefix("Value error, ")


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]} [...] {text[-SHOWN // 2 :]}"
