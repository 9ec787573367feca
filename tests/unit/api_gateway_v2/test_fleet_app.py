"""The gateway's part in a fleet, as its settings, routes and metrics show it."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from flask import Flask
from pydantic import SecretStr, ValidationError

from api_gateway_v2.app import create_app
from api_gateway_v2.settings import Settings
from shopkit.errors import StartError

PollUntil = Callable[..., None]
NOBODY = SecretStr("redis://:secret@127.0.0.1:1/2")


def test_there_is_nothing_of_it_while_it_is_off() -> None:
    """Without CIRCUIT_SHARE_URL a gateway does not load what needs Redis, has no such metrics, and shows no fleet."""
    code = (
        "import sys; from api_gateway_v2.app import create_app; c = create_app().test_client(); "
        "seen = c.get('/circuit-status').get_json()['fleet'], 'fleet' in c.get('/metrics').text; "
        "print('api_gateway_v2.fleet.redis_channel' in sys.modules, *seen)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert run.stdout.splitlines()[-1] == "False None False"


def test_says_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting and without the package, the service's one line says what to install."""
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.delitem(sys.modules, "api_gateway_v2.fleet.redis_channel", raising=False)
    with pytest.raises(StartError, match=r"^CIRCUIT_SHARE_URL is set, .* install requirements/fleet\.txt"):
        create_app(Settings(circuit_share_url=NOBODY))


@pytest.mark.parametrize(
    "url",
    [
        "redis://redis",
        "redis://127.0.0.1:6379",
        "redis://:p%40ss@redis:6379/0",
        "rediss://me:it@a.example/12",
        "redis://[::1]:1/",
    ],
)
def test_takes_an_address_of_redis(url: str) -> None:
    """A host is enough; port, name, password and database are optional."""
    assert Settings(circuit_share_url=SecretStr(url)).circuit_share_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "redis",
        "http://redis:6379",
        "redis://",
        "redis://redis:0",
        "redis://redis:65536",
        "redis://redis/a",
        "redis://redis?socket_timeout=60",
        "unix:///run/redis.sock",
    ],
)
def test_refuses_what_is_no_address(url: str) -> None:
    """Options that would override the short timeouts are refused as well; the message does not show the value."""
    with pytest.raises(ValidationError, match="should look like redis://host:port") as caught:
        Settings(circuit_share_url=SecretStr(url))
    assert f"{url!r}" not in str(caught.value)


def test_says_that_it_is_alone(poll_until: PollUntil) -> None:
    """A gateway whose Redis is away says so in its status and metrics, without the password, and works."""
    app = create_app(Settings(circuit_share_url=NOBODY, threads=4))

    def fleet() -> dict[str, object]:
        shown: dict[str, object] = app.test_client().get("/circuit-status").get_json()["fleet"]
        return shown

    poll_until(lambda: fleet()["alone_because"] == "Redis cannot be reached")
    shown = fleet()
    assert (shown["sharing"], shown["others"], "secret" in str(shown)) == (False, [], False)
    assert shown["early_openings"] == {"recommendations-service": 0, "product-service": 0}
    assert shown["replica"]
    metrics = _metrics(app)
    assert metrics["circuit_fleet_sharing"] == metrics["circuit_fleet_other_replicas"] == 0.0
    assert metrics["circuit_fleet_troubles_total"] >= 1.0
    assert metrics['circuit_fleet_early_openings_total{name="product-service"}'] == 0.0
    assert metrics['circuit_fleet_open_replicas{name="product-service"}'] == 0.0


def _metrics(app: Flask) -> dict[str, float]:
    lines = app.test_client().get("/metrics").get_data(as_text=True).splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}
