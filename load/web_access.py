"""Loaded beside the locustfile: who may use Locust's web page.

Locust starts a load on any host for whoever posts a form to it, and any page of any site can make this machine's
browser do that. So a request must call it by a name of this machine or of its container, and one from a page must be
from Locust's own.
"""

import os
from http import HTTPStatus

from flask import Response, request
from locust import events
from locust.env import Environment

NAMES = {"127.0.0.1", "localhost", *os.environ.get("LOCUST_NAMES", "").split()}


@events.init.add_listener
def _guard_page(environment: Environment, **_: object) -> None:
    if environment.web_ui and environment.web_ui.app:
        environment.web_ui.app.before_request(_refuse_strangers)


def _refuse_strangers() -> Response | None:
    host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
    if host.split(":")[0] in NAMES and origin in (None, f"http://{host}"):
        return None
    return Response("a page of another origin may not use this one\n", HTTPStatus.FORBIDDEN)
