"""Logs on stdout: one JSON line for each event, or readable text when stdout is a terminal."""

import io
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from flask import Flask, Response, request

from shopkit import log_lines
from shopkit.answer_end import when_complete

CALLER_CHARACTERS = 64
_ESCAPED = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}


class _Unfailing:
    """A stream whose write errors are dropped: a full disk must not fail a request."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        try:  # cheaper than `suppress`, for each line
            self._stream.write(text)
        except OSError:
            return

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            return


def configure(service: str) -> None:
    """Send the log lines of this process and its libraries to stdout."""

    def name_service(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:  # noqa: ANN401 - structlog's own signature
        return {"service": service, **event}

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        name_service,
    ]
    renderers: list[structlog.typing.Processor] = (
        [_escape_controls, structlog.dev.ConsoleRenderer(colors=_shows_colours(os.environ))]
        if sys.stdout.isatty()
        else [structlog.processors.format_exc_info, log_lines.render]
    )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8 must not fail a request
    structlog.configure(
        processors=[*shared, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=_Unfailing(sys.stdout)),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    logging.raiseExceptions = False
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _escape_controls(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:  # noqa: ANN401 - structlog's own signature
    """Show the control characters of a path, say, instead of letting a terminal obey them."""
    return {key: value.translate(_ESCAPED) if isinstance(value, str) else value for key, value in event.items()}


def _shows_colours(environment: Mapping[str, str]) -> bool:
    return not environment.get("NO_COLOR") and environment.get("TERM") not in ("dumb", "unknown")


def init_app(app: Flask) -> None:
    """Log one line for each request of `app`: method, path, status, latency_ms, and the program that sent it."""
    log = structlog.get_logger().bind()  # here, or each line would do it

    @app.after_request
    def write_line(response: Response) -> Response:
        said = {
            "method": request.method,
            "path": request.path,
            "caller": _caller(request.environ.get("HTTP_USER_AGENT", "")),
        }

        def complete(duration_s: float) -> None:
            latency_ms = round(duration_s * 1000, 2)
            log.info("request", **said, status=response.status_code, latency_ms=latency_ms)

        when_complete(response, complete)
        return response


def _caller(user_agent: str) -> str:
    """Return the name of the program that sent a request: a service's own name, or one such as curl or Mozilla."""
    return user_agent.partition(" ")[0].partition("/")[0][:CALLER_CHARACTERS]


def add_to_line(**fields: object) -> None:
    """Add fields to the current request's log line."""
    structlog.contextvars.bind_contextvars(**fields)
