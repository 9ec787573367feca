"""What a browser may do with a page."""

import base64
import hashlib
import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/", "/shop/nowhere"])
def test_policy_allows_only_own_style(client: FlaskClient, path: str) -> None:
    """A page and an error page allow their own style by its hash, and no script, frame, form or other host."""
    answer = client.get(path)

    (style,) = re.findall(r"<style>(.*)</style>", answer.text, flags=re.DOTALL)
    own = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy.pop("style-src") == f"'sha256-{own}'"
    assert policy.pop("img-src") == "data:"
    assert set(policy) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert set(policy.values()) == {"'none'"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/products/abc", "/nowhere"])
def test_api_is_no_page(client: FlaskClient, path: str) -> None:
    """A client of the API gets JSON without a page's headers, whatever it accepts."""
    answer = client.get(path, headers={"Accept": "text/html"})

    assert (answer.json or {})["error"]
    assert "Content-Security-Policy" not in answer.headers
