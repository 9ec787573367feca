"""What the experiment asks of a running shop."""

import pytest
import requests

from experiment.errors import EnvironmentProblem
from experiment.run import shop
from experiment.run.shop import Shop
from experiment.services import GATEWAY_V2, urls


@pytest.mark.parametrize("body", [b"null", b"[]", b"<html>hello</html>"])
def test_unexpected_answer_is_a_problem_of_the_environment(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """An answer of another program ends the run with one line that names the address."""
    answer = requests.Response()
    answer.status_code, answer._content = 200, body
    monkeypatch.setattr(shop, "_ask", lambda *_arguments, **_options: answer)
    asked = Shop(urls({}))

    for ask in (asked.circuit, asked.fault, lambda: asked.metrics(GATEWAY_V2)):
        with pytest.raises(EnvironmentProblem, match=r"GET http://127\.0\.0\.1:[0-9]+/.* unexpected answer"):
            ask()
