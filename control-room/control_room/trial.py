"""POST /api/try/{gateway}: one product page through a gateway, as a user asks for it, with the time that it took."""

import threading
import time
from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue

from control_room.outgoing import send
from control_room.settings import Settings
from shopkit.errors import ApiError, retry_after

PATH = "/product-details/1"
PATIENCE_S = 120.0  # longer than the queue of a stuck gateway takes
TRY_AGAIN_S = 5
AT_ONCE = 8  # in this room; each holds a thread of it for as long as its gateway takes
SHOWN = 2000  # characters of the answer


def trial_routes(settings: Settings) -> Blueprint:
    """Return the route."""
    routes = Blueprint("trial", __name__)
    urls = {"v1": settings.api_gateway_v1_url, "v2": settings.api_gateway_v2_url}
    places = threading.BoundedSemaphore(AT_ONCE)

    @routes.post("/api/try/<any(v1, v2):gateway>")
    def attempt(gateway: str) -> ResponseReturnValue:
        if not places.acquire(blocking=False):
            message = f"{AT_ONCE} requests are under way already: wait for one"
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, message, headers=retry_after(TRY_AGAIN_S))
        try:
            started = time.perf_counter()
            answer = send(f"api-gateway-{gateway}", "GET", urls[gateway] + PATH, timeout_s=PATIENCE_S)
            took_ms = (time.perf_counter() - started) * 1000
        finally:
            places.release()
        return {"status": answer.status_code, "took_ms": round(took_ms, 1), "body": answer.text[:SHOWN]}

    return routes
