"""Who may change something, beside the rules of `shopkit.access`.

What changes something must come from this page, as the browser says and another site's page can't forge. A link of
another site opens the page alone.
"""

from http import HTTPStatus

from flask import Flask, Response, request

from control_room.settings import Settings
from shopkit import access
from shopkit.errors import ApiError

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
    """Check every change, and tell browsers what the answers of `app` may do."""
    token = settings.control_room_token.get_secret_value()
    access.publish(app, settings.published_names)

    @app.before_request
    def check() -> None:
        if request.routing_exception:  # no such path or method: there is nothing to change
            return
        if request.method not in ("GET", "HEAD"):
            _check_change(token)
        elif request.path not in access.FOR_MACHINES | {"/"}:
            _check_no_link()

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response


def _check_no_link() -> None:
    """A link to the page works, and none to its events, where it would take a seat."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise ApiError(HTTPStatus.FORBIDDEN, "a page of another origin may not use this service")


def _check_change(token: str) -> None:
    if request.headers.get("Origin") not in access.own_origins():
        raise ApiError(HTTPStatus.FORBIDDEN, "only the page itself may change something: there is no Origin header")
    if request.mimetype != "application/json":
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json")
    if token and not access.brings_token(token):
        raise ApiError(
            HTTPStatus.UNAUTHORIZED,
            "wrong or missing token of the control room",
            headers={"WWW-Authenticate": "Bearer"},
        )
