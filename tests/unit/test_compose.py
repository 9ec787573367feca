"""The Compose files, held against the services' settings."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.demo import ROOT
from support.settings import SETTINGS, variables_of

NO_PROXY = {"NO_PROXY": "*", "no_proxy": "*"}
FILES = (ROOT / "docker-compose.yml", *ROOT.glob("labs/*/docker-compose.yml"))
SET_BY_THE_IMAGE = {"LISTEN_HOST"}
PORTS_IN_THE_IMAGE = "_PORT"  # inside its container each service keeps its default port


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the services of the Compose file."""
    return services_in(ROOT / "docker-compose.yml")


def services_in(file: Path) -> dict[str, Any]:
    """Return the services of a Compose file that are ours; those of a profile are other people's images."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))["services"].items()
    return {name: service for name, service in found if "profiles" not in service}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_no_container_uses_a_proxy(file: Path) -> None:
    """Compose gives containers the proxies of ~/.docker/config.json; each container is told to use none."""
    assert all(NO_PROXY.items() <= service["environment"].items() for service in services_in(file).values())


def test_v2_starts_without_recommendations(services: dict[str, Any]) -> None:
    """Compose starts v2 with the product service, whatever recommendations do."""
    assert set(services["api-gateway-v2"]["depends_on"]) == {"product-service"}


def test_names_belong_to_the_checkout(services: dict[str, Any]) -> None:
    """The project and its images are named after the checkout's folder, so that no two checkouts share them."""
    assert "name" not in yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert all("image" not in service for service in services.values() if "profiles" not in service)


def test_every_image_of_others_has_a_version() -> None:
    """What a profile adds comes as an image with a version, has a cap, and is published on 127.0.0.1, or not at all."""
    every = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    added = {name: service for name, service in every.items() if "profiles" in service and "image" in service}

    profiles = {"prometheus": "observability", "grafana": "observability", "collector": "tracing", "jaeger": "tracing"}
    profiles["balancer"] = "replicas"
    redis = added.pop("redis")
    assert {name: service["profiles"] for name, service in added.items()} == {
        name: [profile] for name, profile in profiles.items()
    }
    for name, service in added.items():
        image = {"balancer": "haproxy"}.get(name, rf"[\w-]+/[\w-]*{name}")
        assert re.fullmatch(rf"{image}:v?\d+\.\d+\.\d+", service["image"])
        assert re.fullmatch(rf"127\.0\.0\.1:\$\{{{name.upper()}_PORT:-(\d+)\}}:\1", *service["ports"])
        assert (service["read_only"], service["cap_drop"], service["mem_limit"]) == (True, ["ALL"], "512m")
    assert redis["profiles"] == ["fleet"]
    assert re.fullmatch(r"redis:\d+\.\d+\.\d+", redis["image"])
    assert "ports" not in redis  # without a password: for the gateways alone
    assert (redis["read_only"], redis["cap_drop"], redis["mem_limit"]) == (True, ["ALL"], "128m")


@pytest.mark.parametrize("name", ["load-worker-v1", "load-worker-v2"])
def test_load_workers_are_the_load_image_with_no_port(services: dict[str, Any], name: str) -> None:
    """A worker has the image of the load and the network of this machine, publishes nothing, and uses no proxy."""
    worker = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"][name]

    assert (worker["profiles"], worker["network_mode"]) == (["load-workers"], "host")
    assert worker["build"] == services["load-v1"]["build"]
    assert worker["environment"] == NO_PROXY
    assert (worker["read_only"], worker["cap_drop"], "ports" in worker) == (True, ["ALL"], False)


def test_replica_is_v2_at_another_port(services: dict[str, Any]) -> None:
    """A replica differs from v2 in its port alone, which is one of a range, so that it can be scaled."""
    every = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    replica = every["api-gateway-v2-replica"]
    other = {name for name in replica if replica[name] != services["api-gateway-v2"].get(name)}
    assert other == {"profiles", "ports"}
    assert replica["ports"] == ["127.0.0.1:${API_GATEWAY_V2_REPLICA_PORTS:-8101-8109}:8090"]


@pytest.mark.parametrize("service", SETTINGS)
def test_every_setting_reaches_its_container(services: dict[str, Any], service: str) -> None:
    """Compose passes every setting of a service on, and no other variable."""
    known = {name for name in variables_of(SETTINGS[service]) if not name.endswith(PORTS_IN_THE_IMAGE)}

    assert set(services[service]["environment"]) == known - SET_BY_THE_IMAGE | set(NO_PROXY)


@pytest.mark.parametrize("service", SETTINGS)
def test_image_has_extra_packages_only_where_they_are_asked_for(services: dict[str, Any], service: str) -> None:
    """The setting that needs packages is what makes the build of an image install them, where the service has it."""
    asked = {"TRACING": "${OTEL_EXPORTER_OTLP_ENDPOINT:+true}"}
    if service == "api-gateway-v2":
        asked["FLEET"] = "${CIRCUIT_SHARE_URL:+true}"
    assert services[service]["build"] == {"context": ".", "args": asked, "target": service}


@pytest.mark.parametrize("service", SETTINGS)
def test_no_default_is_written_twice(services: dict[str, Any], service: str) -> None:
    """Compose sets addresses and the fault of the story; every other setting is passed on by name."""
    environment = services[service]["environment"]

    own = {name for name, value in environment.items() if value is not None and not name.endswith("_URL")}
    assert own - set(NO_PROXY) <= {"SIMULATE_FAILURE", "CONTROL_ROOM_PUBLISHED_ON_LOOPBACK"}


@pytest.mark.parametrize("path", sorted(ROOT.glob("**/docker-compose.yml")), ids=lambda path: path.parent.name)
def test_nothing_goes_through_a_proxy(path: Path) -> None:
    """A health check makes its own connection, and a lab's service that calls another is told to ask it directly.

    An engine may give its containers proxies. The shop's services take none from their environment.
    """
    for service in services_in(path).values():
        check = " ".join(service["healthcheck"]["test"])
        direct = ("healthcheck.sh", "http.client", "curl --noproxy *", "promtool check healthy")
        assert any(way in check for way in direct)
        environment = service.get("environment", {})
        if path.parent != ROOT and "SERVICE_A_URL" in environment:
            assert (environment["NO_PROXY"], environment["no_proxy"]) == ("*", "*")


@pytest.mark.parametrize("service", SETTINGS)
def test_published_port_is_the_default(services: dict[str, Any], service: str) -> None:
    """Each container is published on 127.0.0.1, at the port that its service listens on by default."""
    (variable, port) = next(item for item in variables_of(SETTINGS[service]).items() if item[0].endswith("_PORT"))

    assert services[service]["ports"] == [f"127.0.0.1:${{{variable}:-{port}}}:{port}"]
