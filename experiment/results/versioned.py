"""Results as JSON files: written whole, and read back only in the version that this code knows."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from experiment.errors import UsageError
from experiment.results.whole_file import write_whole
from shopkit.validation import first_problem

Results = TypeVar("Results", bound=BaseModel)


def write(results: BaseModel, path: Path) -> None:
    """Write results as JSON."""
    write_whole(path, results.model_dump_json(indent=1) + "\n")


def read(model: type[Results], path: Path, what: str) -> Results:
    """Read results; `what` is what to call them, and the default of `schema_version` is the version.

    Raises:
        UsageError: The file is missing, of another version, or broken.
    """
    version = model.model_fields["schema_version"].default
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text)["schema_version"]
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UsageError(f"{path} is not a {what}: no JSON object with a schema_version") from None
    if found != version:
        raise UsageError(f"{path} is a {what} of version {found}; this run_demo.py reads version {version}")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(f"{path} is a broken {what}: {first_problem(error)}") from None
