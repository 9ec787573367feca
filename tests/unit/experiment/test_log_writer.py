"""The log files of the processes: bounded, and complete whoever is killed."""

import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from experiment.log_writer import write
from experiment.processes import Supervisor
from support.missing import missing

PollUntil = Callable[..., None]
TALKER = """
import itertools, time
for number in itertools.count():
    try:
        print(number, flush=True)
    except OSError:
        open("outlived", "w").close()
    time.sleep(0.001)
"""


def test_keeps_the_last_lines_of_many(tmp_path: Path) -> None:
    """The two files hold whole lines, the last ones, and none is missing between them."""
    log = tmp_path / "shop.log"
    lines = [f"line {number}\n" for number in range(1_000)]
    write(io.BytesIO("".join(lines).encode()), log, full_bytes=2_000)
    kept = [path.read_text() for path in (tmp_path / "shop.log.1", log)]
    assert all(text.startswith("line ") and text.endswith("\n") and len(text) <= 2_000 for text in kept)
    text = "".join(kept)
    assert "".join(lines).endswith(text)
    assert len(text) > 2_000
    assert {path.name for path in tmp_path.iterdir()} == {"shop.log", "shop.log.1"}


def test_goes_on_with_the_file_that_is_there(tmp_path: Path) -> None:
    """A service that is started again writes behind the lines of its first life."""
    log = tmp_path / "shop.log"
    for text in (b"first\n", b"second, unfinished"):
        write(io.BytesIO(text), log)
    assert log.read_text() == "first\nsecond, unfinished"


def test_full_disk_does_not_stop_the_writer() -> None:
    """What cannot be written is dropped, and the pipe is emptied all the same."""
    full = Path("/dev/full")
    if not full.exists():
        missing("/dev/full")
    source = io.BytesIO(b"a line\n" * 10)
    write(source, full)
    assert source.read() == b""


@pytest.fixture
def talker(tmp_path: Path, poll_until: PollUntil) -> Callable[[Supervisor], psutil.Process]:
    """Return a function that starts a process that logs numbers, and waits for the first of them."""

    def start(supervisor: Supervisor) -> psutil.Process:
        log = tmp_path / "talker.log"
        group = supervisor.start("talker", [sys.executable, "-c", TALKER], log=log, cwd=tmp_path)
        poll_until(lambda: len(log.read_text().splitlines()) > 10)
        return psutil.Process(group.pid)

    return start


def test_all_lines_of_a_killed_process_are_in_its_file(
    tmp_path: Path, talker: Callable[[Supervisor], psutil.Process]
) -> None:
    """After `kill -9` of a process, what it had written is in the file, every number up to the last."""
    with Supervisor() as supervisor:
        talker(supervisor).send_signal(signal.SIGKILL)
    numbers = [int(line) for line in (tmp_path / "talker.log").read_text().splitlines()]
    assert numbers == list(range(len(numbers)))


def test_process_outlives_its_killed_writer(
    tmp_path: Path, talker: Callable[[Supervisor], psutil.Process], poll_until: PollUntil
) -> None:
    """After `kill -9` of the writer, the process gets an error for each line, and does not wait for anybody."""
    with Supervisor() as supervisor:
        process = talker(supervisor)
        (writer,) = (child for child in psutil.Process().children() if "talker.log" in " ".join(child.cmdline()[-1:]))
        writer.kill()
        poll_until((tmp_path / "outlived").exists)
        assert process.is_running()
