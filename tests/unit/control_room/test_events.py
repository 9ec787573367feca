"""The pictures, on their way to the tabs."""

import json

import pytest

from control_room.audience import Audience
from control_room.events import _stream


def test_every_tab_gets_the_facts_and_then_the_latest_picture() -> None:
    """A tab that comes late sees what the others see."""
    audience = Audience(seats=2)
    audience.show('{"n": 1}')
    audience.show('{"n": 2}')
    streams = [_stream(audience, {"max_users": 200}) for _ in range(2)]
    for stream in streams:
        assert next(stream).startswith("retry: ")
        assert json.loads(next(stream).split("data: ")[1]) == {"max_users": 200}
        assert next(stream) == 'data: {"n": 2}\n\n'
    assert audience.size == 2
    for stream in streams:
        stream.close()  # type: ignore[attr-defined]
    assert audience.size == 0


def test_tab_without_a_seat_is_told() -> None:
    """When all seats are taken, the next tab hears so, and its browser asks again."""
    audience = Audience(seats=1)
    audience.show("{}")
    first = _stream(audience, {})
    next(first)
    second = list(_stream(audience, {}))
    assert second[-1] == "event: full\ndata: 1\n\n"
    assert audience.size == 1


def test_quiet_time_has_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a picture the stream still says something, by which a tab that is gone is found out."""
    monkeypatch.setattr("control_room.audience.QUIET_S", 0.01)
    stream = _stream(Audience(seats=1), {})
    assert [next(stream) for _ in range(3)][-1] == ": still here\n\n"


def test_slow_tab_skips_pictures() -> None:
    """A tab that did not keep up gets the latest picture, not the backlog."""
    audience = Audience(seats=1)
    pictures = audience.pictures()
    audience.show("1")
    assert next(pictures) == "1"
    for picture in "234":
        audience.show(picture)
    assert next(pictures) == "4"
