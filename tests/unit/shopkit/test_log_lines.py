"""The length of a log line."""

import json

import pytest

from shopkit.log_lines import LINE_MAX_BYTES, render


@pytest.mark.parametrize(
    "text",
    ["a" * 7_000, "/" + "a" * 100_000, "\U0001f600" * 50_000, "\n" * 9_000, "\x00\ud800" * 3_000],
    ids=["short", "long path", "emoji", "line breaks", "no characters"],
)
def test_line_is_valid_json_of_bounded_length(text: str) -> None:
    """Whatever a field holds, its line is JSON of less than 8 KB, and the other fields stay whole."""
    line = render(None, "info", {"path": text, "status": 404})
    assert len(line.encode()) < LINE_MAX_BYTES
    assert "\n" not in line
    fields = json.loads(line)
    assert fields["status"] == 404
    assert fields["path"] == text or " [...] " in fields["path"]


def test_traceback_keeps_its_end() -> None:
    """Of a long traceback, which is cut in its middle, the end says what went wrong."""
    line = render(None, "error", {"event": "unexpected error", "exception": "frame\n" * 9_000 + "ValueError: odd"})
    assert json.loads(line)["exception"].endswith("ValueError: odd")


def test_many_long_fields_share_the_line() -> None:
    """Several fields that are too long, even one that is no text, are all cut."""
    line = render(None, "info", {"path": "p" * 9_000, "why": ["w" * 9_000], "event": "e" * 9_000})
    assert len(line) < LINE_MAX_BYTES
    assert set(json.loads(line)) == {"path", "why", "event"}
