"""Reading a service's data file."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from shopkit.data_file import read_data
from shopkit.errors import StartError


class Shelf(BaseModel):
    """A data file with one number."""

    size: int


@pytest.mark.parametrize("content", [b"not JSON", b"[]"])
def test_rejects_content_of_another_kind(tmp_path: Path, content: bytes) -> None:
    """A file that is not JSON, or not an object, gives one line that names the file."""
    path = tmp_path / "shelf.json"
    path.write_bytes(content)

    with pytest.raises(StartError, match=r"\Abad data in shelf\.json: .+\Z"):
        read_data(Shelf, path)


def test_rejects_unreadable_file(tmp_path: Path) -> None:
    """A file that cannot be read gives one line with the system's reason."""
    with pytest.raises(StartError, match=r"\Acannot read missing\.json: No such file or directory\Z"):
        read_data(Shelf, tmp_path / "missing.json")
