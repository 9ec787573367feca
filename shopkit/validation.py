"""What pydantic finds wrong with data, in one line: `field: message`."""

from dataclasses import dataclass

from pydantic import ValidationError

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
        Problem(
            _shown(".".join(str(part) for part in found["loc"])),
            _shown(found["msg"].removeprefix("Value error, ")),
            found["input"],
        )
        for found in error.errors(include_url=False, include_context=False)
    ]


def first_problem(error: ValidationError) -> Problem:
    """Return the first thing that is wrong."""
    return problems(error)[0]


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]} [...] {text[-SHOWN // 2 :]}"
