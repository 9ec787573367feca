"""HTTP sessions for requests to the services: asked directly, and trusted no further than their users are.

They ignore the environment's proxies and credentials, follow no redirect, which could lead anywhere, and take no answer
that is too large.
"""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError

ANSWER_MAX_BYTES = 4_000_000  # many times what any service answers
_CHUNK_BYTES = 64 * 1024


class AnswerTooLarge(requests.RequestException):
    """The answer has more than ANSWER_MAX_BYTES."""


class Capped(HTTPAdapter):
    """Receives an answer of bounded size; one that a caller streams is the caller's to bound."""

    def send(self, request: requests.PreparedRequest, stream: bool = False, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send the request and receive its whole answer; raises as `requests` does, and AnswerTooLarge."""
        response = super().send(request, stream=True, **options)
        if not stream:
            response._content = _body_of(response)  # noqa: SLF001 - where `requests` puts it
        return response


class DirectSession(requests.Session):
    """A session that goes where it is sent, and nowhere else."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - the signature of `requests`
        """Follow no redirect, whoever asks for it."""
        return None


def direct_session(adapter: HTTPAdapter | None = None) -> requests.Session:
    """Return a session for requests to a service of the shop."""
    session = DirectSession()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"  # a small answer cannot become a large one
    session.mount("http://", adapter or Capped())
    return session


def _body_of(response: requests.Response) -> bytes:
    body = bytearray()
    try:
        for chunk in response.iter_content(_CHUNK_BYTES):
            body += chunk
            if len(body) > ANSWER_MAX_BYTES:
                response.close()
                raise AnswerTooLarge(f"more than {ANSWER_MAX_BYTES} bytes", response=response)
    except requests.ConnectionError as error:
        if error.args and isinstance(error.args[0], ReadTimeoutError):
            raise requests.ReadTimeout(*error.args, request=response.request) from error
        raise
    return bytes(body)
