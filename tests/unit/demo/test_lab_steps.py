"""What a lab's steps expect, and what its services have logged."""

from pathlib import Path

import pytest

from demo.labs.log import Log
from demo.labs.steps import load, matches, missing
from support.labs import NAMES


@pytest.mark.parametrize(
    ("pattern", "text", "does"),
    [
        ("latency_ms=...", "latency_ms=7", True),
        ("latency_ms=...", "latency_ms=", False),
        ("a.b", "a+b", False),
        ("... (x) ...", "1 (x) 2", True),
        ('"request_id": "..."', '"request_id": ""', False),
    ],
)
def test_dots_stand_for_something(pattern: str, text: str, does: bool) -> None:
    """Three dots stand for anything but nothing; all else stands for itself."""
    assert matches(pattern, text) is does


def test_each_line_counts_once() -> None:
    """A line that is expected twice must be there twice."""
    assert missing(["ok ...", "ok ..."], ["ok 1", "ok 2", "more"]) == []
    assert missing(["ok ...", "ok ..."], ["ok 1"]) == ["ok ..."]


@pytest.mark.parametrize("name", NAMES)
def test_ports_are_put_into_every_step(name: str) -> None:
    """On other ports, even swapped ones, each command goes to the service it went to."""
    documented, moved = load(name), load(name, 8081, 8080)
    swapped = {"8080": "8081", "8081": "8080"}
    for before, after in zip(documented.steps, moved.steps, strict=True):
        port = before.run.partition("127.0.0.1:")[2][:4]
        assert f"127.0.0.1:{swapped[port]}" in after.run
        assert f"127.0.0.1:{port}" not in after.run


def test_log_has_whole_lines_of_the_service_alone(tmp_path: Path) -> None:
    """Half a line waits for its other half; the development server's lines are left out; a mark hides what was."""
    log = Log(tmp_path / "service.log")
    assert log.take() == []
    log.path.write_text(" * Running on http://127.0.0.1:1\nold\n")
    log.mark()
    with log.path.open("a") as file:
        file.write('new\n127.0.0.1 - - [1/Jan/2026 00:00:00] "\x1b[33mGET / HTTP/1.1\x1b[0m" 404 -\nha')
    assert log.lines() == ["new"]
    assert log.take() == ["new"]
    with log.path.open("a") as file:
        file.write("lf\n")
    assert log.take() == ["half"]
    assert log.take() == []
