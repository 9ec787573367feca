"""Errors, and their answers in JSON: {"error": "..."} plus details where they help.

The exceptions and their status:

    Exception
    ├── DependencyError         no usable answer: a fault of the dependency
    │   ├── Unreachable         refused, reset, or no such host             -> 502
    │   ├── DeadlineExceeded    not answered in full within the deadline    -> 504
    │   ├── BadAnswer           408, 429, 5xx, or not the agreed JSON       -> 502
    │   └── CallRefused         not called, or not waited for any longer    -> 503, with Retry-After
    ├── RequestRejected         any other 4xx: an answer, not a fault       -> the same status
    ├── ApiError                an error of the service itself              -> its status
    └── StartError              bad data: the service does not start
"""

import math
from http import HTTPStatus

import structlog
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

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
    """An answer other than success: a status, a message, and details that help."""

    def __init__(self, status: int, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": message, **details}


def init_app(app: Flask) -> None:
    """Answer every error of `app` in JSON."""

    @app.errorhandler(ApiError)
    def api_error(error: ApiError) -> ResponseReturnValue:
        return jsonify(error.body), error.status

    @app.errorhandler(RequestRejected)
    def request_rejected(error: RequestRejected) -> ResponseReturnValue:
        return jsonify(error=str(error)), error.status

    @app.errorhandler(DependencyError)
    def dependency_failed(error: DependencyError) -> ResponseReturnValue:
        return jsonify(error=str(error), dependency=error.dependency), error.status

    @app.errorhandler(CallRefused)
    def call_refused(error: CallRefused) -> ResponseReturnValue:
        answer = jsonify(error=str(error), dependency=error.dependency)
        return answer, error.status, {"Retry-After": str(max(1, math.ceil(error.retry_after_s)))}

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        headers = [(name, value) for name, value in error.get_headers() if name == "Allow"]
        described = error.description and error.description != type(error).description
        return jsonify(error=error.description if described else error.name), error.code or 500, headers

    @app.errorhandler(Exception)
    def bug(_error: Exception) -> ResponseReturnValue:
        _log.exception("unexpected error")
        return jsonify(error="internal error"), HTTPStatus.INTERNAL_SERVER_ERROR
