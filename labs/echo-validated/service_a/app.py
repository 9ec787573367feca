"""Service A: an echo that can be made slow."""

import logging
import time

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from logging_utils import configure, log_requests
from settings import HOST, PORT

MAX_DELAY_MS = 10_000

app = Flask(__name__)
app.config["DELAY_MS"] = 0
log = logging.getLogger("service_a")
log_requests(app, log)


@app.get("/health")
def health() -> ResponseReturnValue:
    """Answer as long as this process lives."""
    return {"status": "ok"}


@app.get("/echo")
def echo() -> ResponseReturnValue:
    """Repeat `msg`, which may be empty, after the delay."""
    time.sleep(app.config["DELAY_MS"] / 1000)
    return {"echo": request.args.get("msg", "")}


@app.put("/delay")
def delay() -> ResponseReturnValue:
    """Make every later /echo take `ms` milliseconds longer."""
    text = request.args.get("ms", "")
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MAX_DELAY_MS):
        return {"error": f"'ms' must be a whole number from 0 to {MAX_DELAY_MS}"}, 400
    app.config["DELAY_MS"] = int(text)
    return {"delay_ms": int(text)}


@app.errorhandler(HTTPException)
def error_as_json(error: HTTPException) -> ResponseReturnValue:
    """Keep the contract for the errors of Flask itself, such as 404: JSON with an `error`."""
    return {"error": error.name}, error.code or 500


if __name__ == "__main__":
    configure()
    app.run(host=HOST, port=PORT, threaded=True)
