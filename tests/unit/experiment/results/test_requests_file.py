"""requests.csv.gz: every request of a run."""

import gzip
from pathlib import Path

import pytest

from experiment.errors import UsageError
from experiment.phases import Phase
from experiment.results.requests_file import COLUMNS, read_requests, write_requests
from load.outcomes import Outcome, Route
from support.rows import row

HEAD = ",".join(COLUMNS)
LINE = "load-1,api-gateway-v1,/products/[id],fault,1.0,1.0,1.5,200,full,500.0"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "requests.csv.gz"


def test_reads_what_it_wrote(path: Path) -> None:
    """Rows of every outcome are the same after writing and reading."""
    written = [
        *(row(outcome, 1.234567, 5.678, phase=Phase.FAULT) for outcome in Outcome),
        row(route=Route.CATALOGUE, phase=Phase.RECOVERY),
    ]
    write_requests(path, written)
    assert read_requests(path) == written


def test_writes_a_file_without_requests(path: Path) -> None:
    """A run without requests has a file with only the header."""
    write_requests(path, [])
    assert gzip.decompress(path.read_bytes()).decode().strip() == HEAD
    assert read_requests(path) == []


def test_rejects_missing_file(path: Path) -> None:
    """A missing file is reported with what it should hold."""
    with pytest.raises(UsageError, match=r"requests\.csv\.gz is missing: it holds the requests of this report"):
        read_requests(path)


@pytest.mark.parametrize(
    "line",
    [
        "load-1",
        LINE.replace("fault", "lunch"),
        LINE.replace("1.5", "soon"),
        LINE.replace("load-1", "x" * 200_000),  # a field beyond csv's limit
    ],
)
def test_rejects_broken_line(path: Path, line: str) -> None:
    """A broken line is reported in one line with the file's name."""
    path.write_bytes(gzip.compress(f"{HEAD}\n{LINE}\n{line}\n".encode()))
    _assert_refused(path)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\n{LINE}\n".encode(),
        b"",
        gzip.compress(f"{HEAD}\n{LINE}\n".encode())[:-12],
        gzip.compress(b"")[:10] + b"\xff" * 100,
        gzip.compress(b"\xff\xfe"),
        gzip.compress(b"a,b\n1,2\n"),
    ],
    ids=["not gzip", "empty", "cut off", "damaged", "not UTF-8", "other columns"],
)
def test_rejects_other_file(path: Path, content: bytes) -> None:
    """A file of another kind is reported in one line with its name."""
    path.write_bytes(content)
    _assert_refused(path)


def test_rejects_folder(tmp_path: Path) -> None:
    """A folder is no file of requests."""
    _assert_refused(tmp_path)


def _assert_refused(path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_requests(path)
    assert str(refused.value).startswith(f"{path} is not a file of requests: ")
    assert "\n" not in str(refused.value)
