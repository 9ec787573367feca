"""Service B: it calls service A and waits at most one second for the answer."""

import json
import logging
import time

import requests
from flask import Flask, request
from flask.typing import ResponseReturnValue

from settings import HOST, PORT, SERVICE_A_URL

TIMEOUT_S = 1.0  # the lesson: without this line, a hanging A hangs B as well

app = Flask(__name__)
app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep the order in which they are written here
log = logging.getLogger("service_b")


@app.get("/health")
def health() -> dict[str, str]:
    """Answer as long as this process lives, whether or not A does."""
    return {"status": "ok"}


@app.get("/call-echo")
def call_echo() -> ResponseReturnValue:
    """Pass `msg` to A; without an answer, return the reason."""
    started = time.perf_counter()
    try:
        answer = requests.get(f"{SERVICE_A_URL}/echo", params={"msg": request.args.get("msg", "")}, timeout=TIMEOUT_S)
        answer.raise_for_status()
        said = answer.json()
    except requests.RequestException as error:
        reason = reason_of(error)
        log_failure(reason, error, started)
        return {"service_b": "ok", "service_a": "unavailable", "error": reason, "http_status": 504}, 503
    log.info("service=B endpoint=/call-echo status=ok latency_ms=%d", milliseconds_since(started))
    return {"service_b": "ok", "service_a": said}


def reason_of(error: requests.RequestException) -> str:
    """Return what went wrong in two words: a hang and a stopped process need different remedies."""
    if isinstance(error, requests.Timeout):
        return "timeout"
    if isinstance(error, requests.ConnectionError):
        return "connection refused" if "Connection refused" in str(error) else "connection failed"
    return "bad answer"


def log_failure(reason: str, error: requests.RequestException, started: float) -> None:
    """Log one line for people and one of key=value pairs for programs."""
    log.error("#### Failure contacting service A: %s", reason)
    log.error(
        "service=B endpoint=/call-echo status=error http_status=504 error=%s complete_error=%s latency_ms=%d",
        json.dumps(reason),
        json.dumps(repr(error)),  # quoted and escaped, so that the line can be parsed
        milliseconds_since(started),
    )


def milliseconds_since(started: float) -> float:
    """Return the milliseconds since `started`, on the performance counter."""
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    app.run(host=HOST, port=PORT, threaded=True)
