"""The log of a lab's service, read while it grows."""

from pathlib import Path

from demo.labs.log import Log


def test_reads_whole_lines_of_service(tmp_path: Path) -> None:
    """Half a line is held back until it is complete, a mark hides earlier lines, and the server's own are left out."""
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
