"""Service B, the consumer: it acts with a token from the provider and retries once when it gets none."""

import logging
from typing import Any

import requests
from flask import Flask, g
from flask.typing import ResponseReturnValue

import body
from observe import REQUEST_ID, Observer, configure_logging
from settings import HOST, PORT, SERVICE_A_URL

TIMEOUT_S = 1.0  # for one attempt
ATTEMPTS = 2  # the lesson: a sick provider gets this many calls for every request
REJECTED = (400, 401)  # answers of a healthy provider; a retry would change nothing
FAILURES = (requests.RequestException, LookupError, TypeError)  # the last two: JSON outside the contract

app = Flask(__name__)
body.init_app(app)
observer = Observer(app, "service-b", "protected_action_requests", "provider_attempts", "provider_failures")


class ProviderUnavailable(Exception):
    """Every attempt failed."""


@app.get("/health")
def health() -> ResponseReturnValue:
    """Answer as long as this process lives, whether or not the provider does."""
    return {"status": "ok"}


@app.post("/protected-action")
def protected_action() -> ResponseReturnValue:
    """Act for a user, with a token from the provider."""
    observer.count("protected_action_requests")
    asked = body.read()
    action = body.text(asked, "action", "ping")
    wanted = {
        "username": body.text(asked, "username"),
        "password": body.text(asked, "password"),
        "delay_ms": body.delay_ms(asked),
    }
    try:
        said, status = ask_provider(wanted)
    except ProviderUnavailable as error:
        return {"error": "provider unavailable", "details": str(error)}, 503
    if status in REJECTED:
        return said, status
    return {"consumer": "ok", "action": action, "request_id": g.request_id, **said}


def ask_provider(wanted: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return the provider's answer and status from the first attempt that succeeds."""
    details = ""
    for attempt in range(1, ATTEMPTS + 1):
        observer.count("provider_attempts")
        try:
            return one_attempt(wanted)
        except FAILURES as error:
            observer.count("provider_failures")
            observer.log(logging.ERROR, event="provider_call_failed", **described(error), attempt=attempt)
            details = str(error)
    raise ProviderUnavailable(details)


def one_attempt(wanted: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Call once with the request's id, so that the logs of both services can be matched."""
    answer = requests.post(f"{SERVICE_A_URL}/token", json=wanted, headers={REQUEST_ID: g.request_id}, timeout=TIMEOUT_S)
    if answer.status_code in REJECTED:
        return {"error": answer.json()["error"]}, answer.status_code
    answer.raise_for_status()
    said = answer.json()
    return {"token": said["token"], "user": said["user"]}, answer.status_code


def described(error: Exception) -> dict[str, object]:
    """Return what the log says about a failed attempt."""
    if isinstance(error, requests.Timeout):
        return {"error": "timeout", "timeout_secs": TIMEOUT_S}
    kind = "connection_error" if isinstance(error, requests.ConnectionError) else "bad_answer"
    return {"error": kind, "details": str(error)}


if __name__ == "__main__":
    configure_logging()
    app.run(host=HOST, port=PORT, threaded=True)
