"""The live page, its events, and its levers."""

from dataclasses import asdict

from flask import Flask

from control_room import access
from control_room.audience import Audience
from control_room.controls import MAX_USERS, SPAWN_RATE, control_routes
from control_room.events import Facts, event_routes
from control_room.fault_kinds import fault_kinds
from control_room.page import page_routes
from control_room.room import Room
from control_room.settings import Settings
from control_room.trial import trial_routes
from shopkit.service import create_service

THREADS_KEPT = 16  # for everything that is no listening browser
MAX_BODY_BYTES = 10_000


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application."""
    settings = settings or Settings()
    facts = Facts(
        story="storm" if settings.recommendations_service_v2_url else "hang",
        urls=settings.public_urls,
        can_force=bool(settings.operator_token.get_secret_value()),
        needs_token=bool(settings.control_room_token.get_secret_value()),
        max_users=MAX_USERS,
        spawn_rate=SPAWN_RATE,
        faults=fault_kinds(),
    )
    audience = Audience(seats=settings.threads - THREADS_KEPT)
    room = Room(settings, audience)
    app = create_service("control-room")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    access.init_app(app, settings)
    for routes in (
        page_routes(),
        event_routes(room, audience, asdict(facts)),
        control_routes(room, settings),
        trial_routes(settings),
    ):
        app.register_blueprint(routes)
    return app
