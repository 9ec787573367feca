"""The room hands out pictures, whatever happens to one of them."""

from collections.abc import Callable

import pytest

from control_room.audience import Audience
from control_room.room import Room
from control_room.settings import Settings

PollUntil = Callable[..., None]


def test_picture_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch, poll_until: PollUntil) -> None:
    """The next one comes, to the same listeners."""
    audience = Audience(seats=1)
    room = Room(Settings(), audience)
    pictures = iter([RuntimeError("deque mutated during iteration")])

    def picture() -> dict[str, object]:
        for error in pictures:
            raise error
        return {"now": 1}

    monkeypatch.setattr(room, "picture", picture)
    monkeypatch.setattr(room, "_pollers", {})
    shown: list[str] = []
    monkeypatch.setattr(audience, "show", shown.append)
    with audience.seat():
        room.open()
        poll_until(lambda: shown)
    assert shown[0] == '{"now":1}'
