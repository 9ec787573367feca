"""Wait for a condition to come true."""

import time
from collections.abc import Callable

import requests

from experiment.errors import EnvironmentProblem
from shopkit.direct import direct_session

POLL_S = 0.05
READY_WITHIN_S = 30.0
ANSWERS_WITHIN_S = 5


def wait_until(condition: Callable[[], object], *, within_s: float, every_s: float = POLL_S) -> bool:
    """Return whether the condition came true within `within_s` seconds; an exception that it raises ends the wait."""
    gives_up_at = time.monotonic() + within_s
    while not condition():
        if time.monotonic() >= gives_up_at:
            return False
        time.sleep(every_s)
    return True


def wait_until_ready(name: str, url: str, check_alive: Callable[[], None], within_s: float = READY_WITHIN_S) -> None:
    """Return when `url` answers without an error status.

    Raises:
        EnvironmentProblem: it does not in time, or what `check_alive` raises when the service has ended.
    """

    def is_ready() -> bool:
        check_alive()
        return _why_not_ready(url) is None

    if not wait_until(is_ready, within_s=within_s) and (problem := _why_not_ready(url)):
        raise EnvironmentProblem(f"{name} is not ready after {within_s:g} s: {problem}")


def _why_not_ready(url: str) -> str | None:
    try:
        answer = direct_session().get(url, timeout=ANSWERS_WITHIN_S)
    except requests.RequestException as error:
        return type(error).__name__
    return None if answer.ok else answer.text.strip()
