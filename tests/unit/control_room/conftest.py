"""What the tests of the control room share."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import requests


@dataclass
class Clock:
    """A clock that a test moves."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still until it is moved."""
    return Clock()


Answer = Callable[[object], requests.Response]


@pytest.fixture
def answer() -> Answer:
    """Return a function that makes the HTTP answer with this text or JSON."""

    def make(body: object) -> requests.Response:
        made = requests.Response()
        made.status_code = 200
        text = body if isinstance(body, str) else json.dumps(body)
        made._content = text.encode()
        return made

    return make
