"""Who may ask a service: the rules of Host and Origin, the same for every service.

The services belong to this machine, but any page of any site can make this machine's browser send requests here. So a
request must call the service by a name that is its own, which a name rebound to this address is not, and a page of
another origin gets nothing, unless the user followed its link. A program such as curl sends no Origin and is let in.
"""

import hmac
import re
from collections.abc import Iterable
from http import HTTPStatus

from flask import Flask, current_app, request

from shopkit.errors import ApiError

FOR_MACHINES = {"/health", "/ready", "/metrics"}  # programs ask for them by whatever name
OWN_NAMES = {"127.0.0.1", "localhost", "[::1]"}

_PORT = re.compile(r":[0-9]+$")
_SAFE_METHODS = ("GET", "HEAD")


def init_app(app: Flask) -> None:
    """Check every request of `app`, which may be called by this machine's names and by its own, as Compose names it."""
    app.extensions["own_names"] = OWN_NAMES | {app.name}
    app.extensions["published_names"] = set[str]()

    @app.before_request
    def check() -> None:
        if request.path not in FOR_MACHINES:
            _check_host()
            _check_origin()


def publish(app: Flask, names: Iterable[str]) -> None:
    """Let `app` be called by more names; under these a proxy may stand in front of it that speaks HTTPS."""
    app.extensions["published_names"].update(names)


def own_origins() -> set[str]:
    """Return the origins of the service's own pages, as the current request calls it."""
    host = request.headers.get("Host", "")
    return {f"http://{host}", f"https://{host}"} if _name() in _published_names() else {f"http://{host}"}


def brings_token(token: str) -> bool:
    """Return whether the current request brings this token, in a time that tells nothing about it."""
    offered = request.headers.get("Authorization", "")
    return hmac.compare_digest(offered.encode(), f"Bearer {token}".encode())


def _check_host() -> None:
    if _name() not in current_app.extensions["own_names"] | _published_names():
        raise ApiError(HTTPStatus.FORBIDDEN, "not a name of this service; docs/settings.md says how to add one")


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    if (origin is not None and origin not in own_origins()) or (elsewhere and not _follows_a_link()):
        raise ApiError(HTTPStatus.FORBIDDEN, "a page of another origin may not use this service")


def _follows_a_link() -> bool:
    """Return whether the browser shows the answer in place of the page that asked, which cannot read it then."""
    headers = request.headers
    shows = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest", "document") == "document"
    return shows and request.method in _SAFE_METHODS


def _name() -> str:
    """Return what the request calls this service, without the port."""
    return _PORT.sub("", request.headers.get("Host", "")).lower()


def _published_names() -> set[str]:
    names: set[str] = current_app.extensions["published_names"]
    return names
