"""Service B: it checks the request, calls service A, and answers every failure in one agreed form.

The contract: 200 is an answer of A. 400 is the client's fault, and A was not called. 503 is A's fault, and trying again
later may help. Every error is JSON with an `error`, and with `details` where they help.
"""

import logging

import requests
from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from logging_utils import configure, log_requests
from settings import HOST, PORT, SERVICE_A_URL

TIMEOUT_S = 2

app = Flask(__name__)
app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep the order in which they are written here
log = logging.getLogger("service_b")
log_requests(app, log)


@app.get("/health")
def health() -> ResponseReturnValue:
    """Answer as long as this process lives, whether or not A does."""
    return {"status": "ok"}


@app.get("/call-echo")
def call_echo() -> ResponseReturnValue:
    """Ask A to repeat `msg`."""
    log.info("GET /call-echo started")
    msg = request.args.get("msg")
    if not msg:
        return {"error": "Missing 'msg' parameter"}, 400
    try:
        return {"msg": msg, "echo_response": ask_service_a(msg)}
    except requests.Timeout as error:
        return unavailable(f"Timeout error: {error}")
    except requests.ConnectionError as error:
        return unavailable(f"Connection error: {error}")
    except requests.RequestException as error:  # such as a 500, or something that is not JSON
        return unavailable(f"Request error: {error}")


def ask_service_a(msg: str) -> object:
    """Return A's answer; log the address, timeout and result of the call."""
    url = f"{SERVICE_A_URL}/echo"
    log.info("calling %s timeout=%ss", url, TIMEOUT_S)
    try:
        answer = requests.get(url, params={"msg": msg}, timeout=TIMEOUT_S)
        answer.raise_for_status()
        said: object = answer.json()
    except requests.RequestException as error:
        log.error("call failed %s timeout=%ss %s: %s", url, TIMEOUT_S, type(error).__name__, error)  # noqa: TRY400 - one line says it; a stack trace adds nothing
        raise
    log.info("call succeeded %s timeout=%ss status=%d", url, TIMEOUT_S, answer.status_code)
    return said


def unavailable(details: str) -> ResponseReturnValue:
    """Return the answer for every failure of A."""
    return {"error": "Service A unavailable", "details": details}, 503


@app.errorhandler(HTTPException)
def error_as_json(error: HTTPException) -> ResponseReturnValue:
    """Keep the contract for the errors of Flask itself, such as 404."""
    return {"error": error.name}, error.code or 500


if __name__ == "__main__":
    configure()
    app.run(host=HOST, port=PORT, threaded=True)
