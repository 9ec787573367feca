"""Data files that a service owns: read once and validated before it starts."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shopkit.errors import StartError
from shopkit.validation import first_problem

Data = TypeVar("Data", bound=BaseModel)


def read_data(model: type[Data], path: Path) -> Data:
    """Read a JSON file as a `model`.

    Raises:
        StartError: the file cannot be read, or its content is invalid.
    """
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise StartError(f"cannot read {path.name}: {error.strerror}") from error
    except ValidationError as error:
        raise StartError(f"bad data in {path.name}: {first_problem(error)}") from error
