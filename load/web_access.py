"""Loaded beside the locustfile: who may use Locust's web page.

Locust starts a load on any host for whoever posts a form to it, and any page of any site can make this machine's
browser do that. So a request must call it by a name of this machine or of its container, one from a page must be
from Locust's own, and no other page shows it in a frame.
"""

import os
import re
from http import HTTPStatus

from flask import Response, request
from locust import events
from locust.env import Environment

NAMES = {"127.0.0.1", "localhost", "[::1]", *os.environ.get("LOCUST_NAMES", "").split()}

_PORT = re.compile(r":[0-9]+$")


@events.init.add_listener
def _guard_page(environment: Environment, **_: object) -> None:
    if environment.web_ui and environment.web_ui.app:
        environment.web_ui.app.before_request(_refuse_strangers)


def _refuse_strangers() -> Response | None:
    headers = request.headers
    host, origin = headers.get("Host", "").lower(), headers.get("Origin")
    frames = headers.get("Sec-Fetch-Dest", "document") != "document"
    elsewhere = frames and headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    if _PORT.sub("", host) in NAMES and origin in (None, f"http://{host}") and not elsewhere:
        return None
    return Response("a page of another origin may not use this one\n", HTTPStatus.FORBIDDEN)
