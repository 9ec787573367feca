"""GET /events: the pictures, as server-sent events. A browser connects again by itself when the stream breaks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from control_room.audience import Audience
from control_room.room import Room

RETRY_MS = 1000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would keep pictures back to fill a buffer


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page needs to know once: it comes with every connection."""

    story: str  # "hang", or "storm" where each gateway has a recommendations service of its own
    urls: dict[str, str]
    can_force: bool
    needs_token: bool
    max_users: int
    spawn_rate: int
    faults: list[dict[str, Any]]


def event_routes(room: Room, audience: Audience, facts: dict[str, object]) -> Blueprint:
    """Return the route of the stream; each browser that listens holds one of the server's threads."""
    routes = Blueprint("events", __name__)

    @routes.get("/events")
    def events() -> Response:
        room.open()
        return Response(_stream(audience, facts), content_type="text/event-stream", headers=HEADERS)

    return routes


def _stream(audience: Audience, facts: dict[str, object]) -> Iterator[str]:
    with audience.seat() as found:
        yield f"retry: {RETRY_MS}\n\n"
        if not found:
            yield f"event: full\ndata: {audience.size}\n\n"
            return
        yield f"event: facts\ndata: {json.dumps(facts)}\n\n"
        for picture in audience.pictures():
            yield f"data: {picture}\n\n" if picture else ": still here\n\n"
