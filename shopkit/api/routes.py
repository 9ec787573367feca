"""GET /openapi.json: a file of the service's package. GET /docs: the same as a page, which needs nobody else."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory

from shopkit.api.page import page_of

FILES = Path(__file__).with_name("files")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def init_app(app: Flask) -> None:
    """Add the routes to `app`, if the package that is called like the service has a document."""
    package = find_spec(app.name.replace("-", "_"))
    if package and package.origin and (document := Path(package.origin).with_name("openapi.json")).exists():
        app.register_blueprint(_routes(document))


def _routes(document: Path) -> Blueprint:
    """Return the routes. Nothing is read before somebody asks."""
    routes = Blueprint("api", __name__, template_folder="templates")
    page = cache(lambda: page_of(document))

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return Response(document.read_bytes(), mimetype="application/json")

    @routes.get("/docs")
    def docs() -> Response:
        return Response(page(), headers=HEADERS)

    @routes.get("/docs/<path:name>")
    def docs_file(name: str) -> Response:
        return send_from_directory(FILES, name, max_age=0)

    return routes
