"""Request ids that travel, a JSON line for each event, and counters.

Both services have a copy of this file. They share no code, so each can be read, changed and started on its own.
"""

import json
import logging
import re
import threading
import time
import uuid

from flask import Flask, Response, g, request

REQUEST_ID = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class Observer:
    """Counts and logs every request of `app` and adds `GET /metrics`."""

    def __init__(self, app: Flask, service: str, *counters: str) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._counters = dict.fromkeys(("requests_total", *counters), 0)
        self._log = logging.getLogger(service)
        app.before_request(self._begin)
        app.after_request(self._end)
        app.add_url_rule("/metrics", "metrics", self._metrics)

    def count(self, counter: str) -> None:
        """Add one to a counter; the lock is there because many threads count."""
        with self._lock:
            self._counters[counter] += 1

    def log(self, level: int, **fields: object) -> None:
        """Write one line with the id of the current request."""
        now = time.strftime("%Y-%m-%dT%H:%M:%S")
        which = {"request_id": g.request_id, "ts": now, "level": logging.getLevelName(level)}
        self._log.log(level, json.dumps({"service": self._service, **fields, **which}))

    def _begin(self) -> None:
        g.started = time.perf_counter()
        offered = request.headers.get(REQUEST_ID, "")
        g.request_id = offered if ACCEPTED.fullmatch(offered) else str(uuid.uuid4())
        self.count("requests_total")

    def _end(self, response: Response) -> Response:
        response.headers[REQUEST_ID] = g.request_id
        latency_ms = round((time.perf_counter() - g.started) * 1000, 2)
        endpoint = f"{request.method} {request.path}"
        self.log(logging.INFO, endpoint=endpoint, status=response.status_code, latency_ms=latency_ms)
        return response

    def _metrics(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counters)


def configure_logging() -> None:
    """Write lines unchanged, because they are JSON already."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
