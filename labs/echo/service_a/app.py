"""Service A: an echo."""

import logging
import time

from flask import Flask, request

from settings import HOST, PORT

app = Flask(__name__)
log = logging.getLogger("service_a")


@app.get("/health")
def health() -> dict[str, str]:
    """Answer as long as this process lives."""
    return {"status": "ok"}


@app.get("/echo")
def echo() -> dict[str, str]:
    """Repeat `msg`."""
    started = time.perf_counter()
    answer = {"echo": request.args.get("msg", "")}
    log.info("service=A endpoint=/echo status=ok latency_ms=%d", (time.perf_counter() - started) * 1000)
    return answer


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    app.run(host=HOST, port=PORT, threaded=True)
