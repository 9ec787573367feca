"""The steps of a lab: patterns, expected lines, ports."""

import pytest

from demo.labs.steps import load, matches, missing
from support.labs import NAMES


@pytest.mark.parametrize(
    ("pattern", "text", "matching"),
    [
        ("latency_ms=...", "latency_ms=7", True),
        ("a.b", "a+b", False),
        ("... (x) ...", "1 (x) 2", True),
        ('"request_id": "..."', '"request_id": ""', False),
    ],
)
def test_three_dots_match_any_text(pattern: str, text: str, matching: bool) -> None:
    """Three dots match any text that is not empty, and everything else matches itself."""
    assert matches(pattern, text) is matching


def test_each_line_matches_once() -> None:
    """A line that is expected twice is missing when it is there once."""
    assert missing(["ok ...", "ok ..."], ["ok 1", "ok 2", "more"]) == []
    assert missing(["ok ...", "ok ..."], ["ok 1"]) == ["ok ..."]


@pytest.mark.parametrize("name", NAMES)
def test_moves_every_step_to_other_ports(name: str) -> None:
    """With the two default ports swapped, each command still reaches the same service."""
    documented, moved = load(name), load(name, 8081, 8080)
    swapped = {"8080": "8081", "8081": "8080"}
    for before, after in zip(documented.steps, moved.steps, strict=True):
        port = before.run.partition("127.0.0.1:")[2][:4]
        assert f"127.0.0.1:{swapped[port]}" in after.run
        assert f"127.0.0.1:{port}" not in after.run
