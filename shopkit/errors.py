"""Errors, and their answers: problem details (RFC 9457) with the member `error`, plus details where they help.

The exceptions and their status:

    Exception
    ├── DependencyError         no usable answer: a fault of the dependency
    │   ├── Unreachable         refused, reset, or no such host             -> 502
    │   ├── DeadlineExceeded    not answered in full within the deadline    -> 504
    │   ├── BadAnswer           408, 429, 5xx, or not the agreed JSON       -> 502
    │   └── CallRefused         not called, or not waited for any longer    -> 503, with Retry-After
    ├── RequestRejected         any other 4xx: an answer, not a fault       -> the same status
    ├── ApiError                an error of the service itself              -> its status
    └── StartError              bad data, or a missing package: the service does not start
"""

import math
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

import structlog
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

PROBLEM = "application/problem+json"
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_log = structlog.get_logger()


class DependencyError(Exception):
    """A dependency gave no usable answer."""

    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, dependency: str, what: str) -> None:
        super().__init__(f"{dependency} {what}")
        self.dependency = dependency


class Unreachable(DependencyError):
    """The connection was refused, reset, or could not be made."""


class DeadlineExceeded(DependencyError):
    """The answer was not complete within the deadline."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class BadAnswer(DependencyError):
    """The dependency answered with a fault of its own, or with something other than the agreed JSON."""


class CallRefused(DependencyError):
    """The call was refused, or given up, so that the caller's thread does not wait."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, dependency: str, *, retry_after_s: float) -> None:
        """`retry_after_s` is when to try again, in seconds from now."""
        super().__init__(dependency, "is not available at the moment")
        self.retry_after_s = retry_after_s


class RequestRejected(Exception):
    """The dependency is healthy and rejects the request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class StartError(Exception):
    """The service cannot start; the message is one line for the operator."""


class ApiError(Exception):
    """An answer other than success: a status, a message, details that help, and headers."""

    def __init__(
        self, status: int, message: str, *, headers: Mapping[str, str] = NO_HEADERS, **details: object
    ) -> None:
        super().__init__(message)
        self.status = status
        self.details = details
        self.headers = headers


def problem(status: int, message: str, **details: object) -> dict[str, object]:
    """Return the body of an error: problem details (RFC 9457), and their text as `error`, which older clients read."""
    title = HTTP_STATUS_CODES.get(status, "Unknown Error")
    return {
        "error": message,
        **details,
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": message,
    }


def problem_answer(
    status: int, message: str, headers: Mapping[str, str] = NO_HEADERS, details: Mapping[str, object] = NO_HEADERS
) -> Response:
    """Return an error as problem details; a client that accepts only application/json gets it under that name."""
    answer = jsonify(problem(status, message, **details))
    answer.status_code = status
    answer.mimetype = request.accept_mimetypes.best_match((PROBLEM, "application/json"), default=PROBLEM)
    answer.vary.add("Accept")
    answer.headers.update(headers)
    return answer


def retry_after(seconds: float) -> dict[str, str]:
    """Return the header that says when to try again: in whole seconds, at least one."""
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def init_app(app: Flask) -> None:
    """Answer every error of `app` with problem details."""

    @app.errorhandler(ApiError)
    def api_error(error: ApiError) -> Response:
        return problem_answer(error.status, str(error), error.headers, error.details)

    @app.errorhandler(RequestRejected)
    def request_rejected(error: RequestRejected) -> Response:
        return problem_answer(error.status, str(error))

    @app.errorhandler(DependencyError)
    def dependency_failed(error: DependencyError) -> Response:
        headers = retry_after(error.retry_after_s) if isinstance(error, CallRefused) else NO_HEADERS
        return problem_answer(error.status, str(error), headers, {"dependency": error.dependency})

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        headers = {name: value for name, value in error.get_headers() if name == "Allow"}
        own = error.description if error.description != type(error).description else None
        return problem_answer(error.code or 500, own or error.name, headers)

    @app.errorhandler(Exception)
    def bug(_error: Exception) -> Response:
        _log.exception("unexpected error")
        return problem_answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal error")
