"""One request to a service, on behalf of someone who pressed a button."""

from http.client import INTERNAL_SERVER_ERROR

import requests

from shopkit.deadline import DeadlineAdapter
from shopkit.direct import AnswerTooLarge, Capped, direct_session
from shopkit.errors import ApiError, BadAnswer, DeadlineExceeded, Unreachable

ANSWERS_WITHIN_S = 5.0


class _Bounded(Capped, DeadlineAdapter):
    """Bounds an answer in size, and in the time that all of it takes."""


def ask(name: str, method: str, url: str, **kwargs: object) -> object:
    """Return the JSON that the service `name` answers; `kwargs` as in `requests.request`.

    Raises:
        Unreachable: it takes no connection.
        DeadlineExceeded: it does not answer.
        BadAnswer: it answers with an error of its own, or with no JSON.
        ApiError: it refuses, and says why.
    """
    answer = send(name, method, url, timeout_s=ANSWERS_WITHIN_S, **kwargs)
    try:
        body = answer.json()
    except (ValueError, RecursionError):  # too deep counts as no JSON
        raise BadAnswer(name, f"answered {answer.status_code}, and no JSON") from None
    if answer.status_code >= INTERNAL_SERVER_ERROR:
        raise BadAnswer(name, f"answered {answer.status_code}")
    if not answer.ok:
        raise ApiError(answer.status_code, f"{name} refuses", answer=body)
    return body


def send(name: str, method: str, url: str, *, timeout_s: float, **kwargs: object) -> requests.Response:
    """Return the answer of the service `name`, whatever it is; raises as `ask` does when there is none."""
    with direct_session(_Bounded()) as session:
        try:
            return session.request(method, url, timeout=timeout_s, allow_redirects=False, **kwargs)  # type: ignore[arg-type]
        except requests.Timeout as error:
            raise DeadlineExceeded(name, f"did not answer within {timeout_s:g} s") from error
        except AnswerTooLarge as error:
            raise BadAnswer(name, "answered too much") from error
        except requests.RequestException as error:
            raise Unreachable(name, "is unreachable") from error
