"""The page itself: one document, its style and its modules."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

FILES = Path(__file__).with_name("static")


def page_routes() -> Blueprint:
    """Return the routes of the files; a browser asks each time whether they are still the same."""
    routes = Blueprint("page", __name__)

    @routes.get("/")
    def page() -> Response:
        return send_from_directory(FILES, "index.html", max_age=0)

    @routes.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(FILES, name, max_age=0)

    return routes
