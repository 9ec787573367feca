"""Who may look, and who may change something.

The page belongs to this machine, but any page of any site can make this machine's browser send requests here. So a
request must call the page by a name that is its own, which a name rebound to 127.0.0.1 is not; another site's page gets
nothing; and what changes something must come from here, as the browser says and another site's page can't forge.
"""

import hmac
import re
from http import HTTPStatus

from flask import Flask, Response, request

from control_room.settings import Settings
from shopkit.errors import ApiError

FOR_MACHINES = {"/health", "/ready", "/metrics"}  # asked by container engines and Prometheus, by whatever name
_PORT = re.compile(r":[0-9]+$")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask, settings: Settings) -> None:
    """Check every request of `app`, and tell browsers what its answers may do."""
    token = settings.control_room_token.get_secret_value()

    @app.before_request
    def check() -> None:
        if request.path in FOR_MACHINES:
            return
        _check_host(settings.host_names)
        own = _own_origins(settings.published_names)
        _check_origin(own)
        if request.method not in ("GET", "HEAD"):
            _check_change(own, token)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response


def _check_host(names: frozenset[str]) -> None:
    if _name() not in names:
        raise ApiError(HTTPStatus.FORBIDDEN, "not a name of this control room; CONTROL_ROOM_HOSTS lists more of them")


def _check_origin(own: set[str]) -> None:
    """A page of another origin gets nothing; a link to this page, from wherever, works."""
    origin = request.headers.get("Origin")
    followed_a_link = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    if (origin is not None and origin not in own) or (elsewhere and not followed_a_link):
        raise ApiError(HTTPStatus.FORBIDDEN, "a page of another origin may not use this one")


def _check_change(own: set[str], token: str) -> None:
    if request.headers.get("Origin") not in own:
        raise ApiError(HTTPStatus.FORBIDDEN, "only the page itself may change something: there is no Origin header")
    if request.mimetype != "application/json":
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json")
    offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(offered.encode(), token.encode()):
        raise ApiError(
            HTTPStatus.UNAUTHORIZED,
            "wrong or missing token of the control room",
            headers={"WWW-Authenticate": "Bearer"},
        )


def _own_origins(published: frozenset[str]) -> set[str]:
    """Return the origins of this page; under a published name a proxy may stand in front of it that speaks HTTPS."""
    host = request.headers.get("Host", "")
    return {f"http://{host}", f"https://{host}"} if _name() in published else {f"http://{host}"}


def _name() -> str:
    """Return what the request calls this machine, without the port."""
    return _PORT.sub("", request.headers.get("Host", "")).lower()
