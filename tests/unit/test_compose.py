"""docker-compose.yml, held against the services' settings."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from support.demo import ROOT
from support.settings import SETTINGS, variables_of

SET_BY_COMPOSE = {"LISTEN_HOST"}  # the image sets it
PORTS_IN_THE_IMAGE = "_PORT"  # inside its container each service keeps its default port


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the services of the Compose file."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return dict(compose["services"])


@pytest.mark.parametrize("service", SETTINGS)
def test_every_setting_reaches_its_container(services: dict[str, Any], service: str) -> None:
    """Compose passes every setting of a service on, and no other variable."""
    known = {name for name in variables_of(SETTINGS[service]) if not name.endswith(PORTS_IN_THE_IMAGE)}

    assert set(services[service]["environment"]) == known - SET_BY_COMPOSE


@pytest.mark.parametrize("service", SETTINGS)
def test_no_default_is_written_twice(services: dict[str, Any], service: str) -> None:
    """Compose sets addresses and the fault of the story; every other setting is passed on by name."""
    environment = services[service]["environment"]

    own = {name for name, value in environment.items() if value is not None and not name.endswith("_URL")}
    assert own <= {"SIMULATE_FAILURE", "CONTROL_ROOM_PUBLISHED_ON_LOOPBACK"}


@pytest.mark.parametrize("path", sorted(ROOT.glob("**/docker-compose.yml")), ids=lambda path: path.parent.name)
def test_nothing_goes_through_a_proxy(path: Path) -> None:
    """A health check makes its own connection, and a lab's service that calls another is told to ask it directly.

    An engine may give its containers proxies. The shop's services take none from their environment.
    """
    for service in yaml.safe_load(path.read_text(encoding="utf-8"))["services"].values():
        check = " ".join(service["healthcheck"]["test"])
        assert "shopkit.healthcheck" in check or "http.client" in check
        environment = service.get("environment", {})
        if path.parent != ROOT and "SERVICE_A_URL" in environment:
            assert (environment["NO_PROXY"], environment["no_proxy"]) == ("*", "*")


@pytest.mark.parametrize("service", SETTINGS)
def test_published_port_is_the_default(services: dict[str, Any], service: str) -> None:
    """Each container is published on 127.0.0.1, at the port that its service listens on by default."""
    (variable, port) = next(item for item in variables_of(SETTINGS[service]).items() if item[0].endswith("_PORT"))

    assert services[service]["ports"] == [f"127.0.0.1:${{{variable}:-{port}}}:{port}"]
