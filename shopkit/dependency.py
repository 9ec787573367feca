"""One GET to another service: keep-alive, a total deadline, a size cap, and the agreed JSON or a clear error."""

import json
from http.client import BAD_REQUEST, INTERNAL_SERVER_ERROR, OK, REQUEST_TIMEOUT, TOO_MANY_REQUESTS
from typing import TypeVar

import requests
import urllib3
from pydantic import TypeAdapter
from pydantic_core import from_json

from shopkit import request_ids, time_left
from shopkit.deadline import DeadlineAdapter
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from shopkit.tracing import traces

MAX_BODY_BYTES = 1_000_000
FAULTS_AMONG_4XX = {
    REQUEST_TIMEOUT,
    TOO_MANY_REQUESTS,
}  # too slow, too busy: the dependency's fault, not the request's

Answer = TypeVar("Answer")


class Dependency:
    """A service that this one calls; threads may share it."""

    def __init__(
        self, name: str, base_url: str, *, deadline_s: float, max_connections: int, caller: str = "shopkit"
    ) -> None:
        """`deadline_s` bounds one whole call; up to `max_connections` stay open, one for each calling thread.

        `caller` is sent as the User-Agent, and the deadline as the time that is left.
        """
        self.name = name
        self._base_url = base_url
        self._deadline_s = deadline_s
        self._adapter = DeadlineAdapter(pool_connections=1, pool_maxsize=max_connections)
        self._send = traces().sender(self._adapter)
        headers = {"Accept": "application/json", "User-Agent": caller, time_left.HEADER: time_left.shown(deadline_s)}
        self._prepared = requests.Request("GET", base_url, headers=headers).prepare()

    def get(self, path: str, answer: TypeAdapter[Answer]) -> Answer:
        """Return the JSON at `path`, validated as `answer`.

        Raises:
            Unreachable: refused, reset, or no such host.
            DeadlineExceeded: no complete answer in time.
            BadAnswer: 408, 429, a status outside 200 to 499, too large, or not valid.
            RequestRejected: any other 4xx.
        """
        status, body = self._exchange(path)
        if BAD_REQUEST <= status < INTERNAL_SERVER_ERROR and status not in FAULTS_AMONG_4XX:
            raise RequestRejected(status, _message(body))
        if status != OK:
            raise BadAnswer(self.name, f"answered {status}")
        try:
            return answer.validate_python(from_json(body, allow_inf_nan=False))
        except ValueError:  # not JSON, or (ValidationError) not this JSON
            raise BadAnswer(self.name, "answered something that is not the agreed JSON") from None

    def ping(self) -> None:
        """Raise as `get` does unless the dependency answers on /health."""
        self.get("/health", _ANYTHING)

    def _exchange(self, path: str) -> tuple[int, bytes]:
        # No Session around the adapter, unless calls are traced: cookies, redirects, hooks and the environment's
        # proxies are unwanted between two services, and cost as much as the call itself.
        request = self._prepared.copy()
        request.url = self._base_url + path
        request.headers[request_ids.HEADER] = request_ids.current()
        try:
            response = self._send(request, stream=True, timeout=self._deadline_s)
            body = response.raw.read(MAX_BODY_BYTES + 1)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            cause = _cause(error)
            if isinstance(error, requests.Timeout) or isinstance(cause, TimeoutError):
                raise DeadlineExceeded(self.name, f"did not answer within {self._deadline_s:g} s") from error
            raise Unreachable(self.name, f"is unreachable ({type(cause).__name__})") from error
        if len(body) > MAX_BODY_BYTES:
            response.raw.close()
            raise BadAnswer(self.name, f"answered more than {MAX_BODY_BYTES} bytes")
        if response.raw.length_remaining:  # read(amount) does not raise when a body ends early
            raise Unreachable(self.name, "is unreachable (IncompleteRead)")
        return response.status_code, body


_ANYTHING: TypeAdapter[object] = TypeAdapter(object)


def _message(body: bytes) -> str:
    """Return the `error` of a rejection's JSON."""
    try:
        return str(json.loads(body)["error"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return "rejected"


def _cause(error: BaseException) -> BaseException:
    """Return the error below the libraries' wrapping, such as a ConnectionRefusedError."""
    while type(error).__module__.startswith(("requests.", "urllib3.")) and (
        inner := error.__cause__ or error.__context__
    ):
        error = inner
    return error
