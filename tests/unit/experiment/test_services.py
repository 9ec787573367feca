"""Where the services listen."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from experiment.errors import UsageError
from experiment.services import (
    ENV_FILE,
    GATEWAY_V1,
    GATEWAY_V2,
    LIVE,
    PRODUCT,
    RECOMMENDATIONS,
    SERVICES,
    addresses_for,
    ports,
    service_named,
    settings_given,
)


def test_env_file_has_the_default_ports() -> None:
    """The ports in .env are those that the code falls back to, and those of what only Compose starts."""
    ours = {service.port_variable: str(service.default_port) for service in LIVE}
    of_profiles = {"PROMETHEUS_PORT": "9090", "GRAFANA_PORT": "3000", "COLLECTOR_PORT": "4318", "JAEGER_PORT": "16686"}
    of_profiles |= {"BALANCER_PORT": "8100", "API_GATEWAY_V2_REPLICA_PORTS": "8101-8109"}
    assert ours | of_profiles == dotenv_values(ENV_FILE)


@pytest.mark.parametrize(
    "line",
    [
        b"PRODUCT_SERVICE_PORT=18081",
        b"PRODUCT_SERVICE_PORT=18081 # a comment",
        b"PRODUCT_SERVICE_PORT='18081'",
        b'export PRODUCT_SERVICE_PORT = "18081"',
        b"\xef\xbb\xbfPRODUCT_SERVICE_PORT=18081\r\nSIMULATE_FAILURE=true\r",
        b"PRODUCT_SERVICE_PORT=28081\nPRODUCT_SERVICE_PORT=18081",
        b"PRODUCT_SERVICE_PORT\nPRODUCT_SERVICE_PORT=18081",
    ],
    ids=["plain", "comment", "quotes", "export", "from Windows", "twice", "no value"],
)
def test_env_file_is_read_as_compose_reads_it(tmp_path: Path, line: bytes) -> None:
    """Comments, quotes and Windows' line ends are understood; a service without a line has its default port."""
    file = tmp_path / ".env"
    file.write_bytes(line + b"\nRECOMMENDATIONS_SERVICE_PORT=\n")
    chosen = ports(LIVE, settings_given({}, file))
    assert (chosen[PRODUCT], chosen[RECOMMENDATIONS], chosen[GATEWAY_V2]) == (18081, 8082, 8090)


def test_env_file_may_be_missing(tmp_path: Path) -> None:
    """Without .env, every service has its default port, unless the environment has another."""
    chosen = ports(LIVE, settings_given({"PRODUCT_SERVICE_PORT": "18081"}, tmp_path / ".env"))
    assert (chosen[PRODUCT], chosen[GATEWAY_V2]) == (18081, 8090)


def test_env_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is named, with the first byte that is not."""
    file = tmp_path / ".env"
    file.write_bytes(b"A=\xff")
    with pytest.raises(UsageError, match=r"\.env is not UTF-8 \(byte 2\)"):
        settings_given({}, file)


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A setting in the environment is taken, whatever .env says."""
    file = tmp_path / ".env"
    file.write_text("PRODUCT_SERVICE_PORT=28081\nGATEWAY_THREADS=8")
    given = settings_given({"PRODUCT_SERVICE_PORT": "18081"}, file)
    assert given == {"PRODUCT_SERVICE_PORT": "18081", "GATEWAY_THREADS": "8"}


@pytest.mark.parametrize("text", ["0", "65536", "x", "-1", "80.5", "9" * 30, "٨٠"])
def test_port_that_is_none_is_named(text: str) -> None:
    """Name and value are in the message."""
    with pytest.raises(UsageError, match="PRODUCT_SERVICE_PORT="):
        ports([PRODUCT], {"PRODUCT_SERVICE_PORT": text})


def test_same_port_twice_is_named() -> None:
    """Two services cannot share a port."""
    with pytest.raises(UsageError, match="PRODUCT_SERVICE_PORT and RECOMMENDATIONS_SERVICE_PORT are both 9000"):
        ports(SERVICES, {"PRODUCT_SERVICE_PORT": "9000", "RECOMMENDATIONS_SERVICE_PORT": "9000"})


@pytest.mark.parametrize("port", ["8080", "x"])
def test_ports_of_others_do_not_matter(port: str) -> None:
    """The port of a service that is not asked for may be any, or none."""
    assert ports(SERVICES, {"CONTROL_ROOM_PORT": port})[GATEWAY_V1] == 8080


def test_services_are_told_where_the_others_are() -> None:
    """A service that is started here is here; any other is where the user says, or on its own port of this machine."""
    given = {"RECOMMENDATIONS_SERVICE_URL": "http://far:1", "PRODUCT_SERVICE_PORT": "9081"}
    assert addresses_for([GATEWAY_V1], given) == {
        "API_GATEWAY_V1_URL": "http://127.0.0.1:8080",
        "PRODUCT_SERVICE_URL": "http://127.0.0.1:9081",
    }
    assert addresses_for([RECOMMENDATIONS], given) == {"RECOMMENDATIONS_SERVICE_URL": "http://127.0.0.1:8082"}


def test_service_is_found_by_name() -> None:
    """A name that is none lists those that are."""
    assert service_named("recommendations-service") is RECOMMENDATIONS
    with pytest.raises(UsageError, match="api-gateway-v1"):
        service_named("gateway")


@pytest.mark.parametrize(
    ("text", "problem"),
    [("A=1\n=x\n", "line 2: not a setting"), ('A="1\n', "line 1: not a setting"), ("A=\0b\n", "NUL character")],
)
def test_rejects_what_is_no_setting_in_the_env_file(tmp_path: Path, text: str, problem: str) -> None:
    """A line of .env that is no setting is named, with the file."""
    (tmp_path / ".env").write_text(text)
    with pytest.raises(UsageError, match=problem):
        settings_given({}, tmp_path / ".env")
