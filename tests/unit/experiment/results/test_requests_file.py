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


def test_rows_come_back_as_they_were(path: Path) -> None:
    """Every outcome, with what it has and what it has not."""
    written = [
        *(row(outcome, 1.234567, 5.678, phase=Phase.FAULT) for outcome in Outcome),
        row(route=Route.CATALOGUE, phase=Phase.RECOVERY),
    ]
    write_requests(path, written)
    assert read_requests(path) == written


def test_run_without_requests_has_a_file_all_the_same(path: Path) -> None:
    """It has the line of names."""
    write_requests(path, [])
    assert gzip.decompress(path.read_bytes()).decode().strip() == HEAD
    assert read_requests(path) == []


def test_missing_file_is_named(path: Path) -> None:
    """The message says what is lost with it."""
    with pytest.raises(UsageError, match=r"requests\.csv\.gz is missing: it holds the requests of this report"):
        read_requests(path)


@pytest.mark.parametrize(
    "line",
    [
        "load-1",
        LINE.rsplit(",", 6)[0],  # cut off
        LINE.replace("fault", "lunch"),
        LINE.replace("full", "empty"),
        LINE.replace("products", "shoes"),
        LINE.replace("200", "OK"),
        LINE.replace("1.5", "soon"),
        LINE.replace("load-1", "x" * 200_000),  # a field beyond csv's limit
    ],
)
def test_broken_line_is_refused(path: Path, line: str) -> None:
    """In one line, with the file's name."""
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
        gzip.compress(b""),
    ],
    ids=["not gzip", "empty", "cut off", "damaged", "not UTF-8", "other columns", "no columns"],
)
def test_other_file_is_refused(path: Path, content: bytes) -> None:
    """In one line, with the file's name."""
    path.write_bytes(content)
    _assert_refused(path)


def test_folder_is_refused(tmp_path: Path) -> None:
    """It is no file of requests."""
    _assert_refused(tmp_path)


def _assert_refused(path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_requests(path)
    assert str(refused.value).startswith(f"{path} is not a file of requests: ")
    assert "\n" not in str(refused.value)
