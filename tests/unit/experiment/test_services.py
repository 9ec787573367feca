"""Where the services listen."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from experiment.errors import UsageError
from experiment.services import ENV_FILE, GATEWAY_V2, LIVE, PRODUCT, RECOMMENDATIONS, ports, service_named


def test_env_file_has_the_default_ports() -> None:
    """The ports in .env are those that the code falls back to."""
    assert {service.port_variable: str(service.default_port) for service in LIVE} == dotenv_values(ENV_FILE)


@pytest.mark.parametrize(
    "line",
    [
        "PRODUCT_SERVICE_PORT=18081",
        "PRODUCT_SERVICE_PORT=18081 # a comment",
        "PRODUCT_SERVICE_PORT='18081'",
        'export PRODUCT_SERVICE_PORT = "18081"',
    ],
)
def test_env_file_is_read_as_compose_reads_it(tmp_path: Path, line: str) -> None:
    """Comments, quotes and `export` are understood; a service without a line has its default port."""
    file = tmp_path / ".env"
    file.write_text(f"# ports\n{line}\nRECOMMENDATIONS_SERVICE_PORT=\n")
    chosen = ports({}, file)
    assert (chosen[PRODUCT], chosen[RECOMMENDATIONS], chosen[GATEWAY_V2]) == (18081, 8082, 8090)


def test_env_file_may_be_missing(tmp_path: Path) -> None:
    """Without .env, every service has its default port, unless the environment has another."""
    chosen = ports({"PRODUCT_SERVICE_PORT": "18081"}, tmp_path / ".env")
    assert (chosen[PRODUCT], chosen[GATEWAY_V2]) == (18081, 8090)


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A port in the environment is taken, whatever .env says."""
    file = tmp_path / ".env"
    file.write_text("PRODUCT_SERVICE_PORT=28081")
    assert ports({"PRODUCT_SERVICE_PORT": "18081"}, file)[PRODUCT] == 18081


@pytest.mark.parametrize("text", ["0", "65536", "x", "-1", "80.5", "9" * 30, "٨٠"])
def test_port_that_is_none_is_named(text: str) -> None:
    """Name and value are in the message."""
    with pytest.raises(UsageError, match="PRODUCT_SERVICE_PORT="):
        ports({"PRODUCT_SERVICE_PORT": text})


def test_same_port_twice_is_named() -> None:
    """Two services cannot share a port."""
    with pytest.raises(UsageError, match="PRODUCT_SERVICE_PORT and RECOMMENDATIONS_SERVICE_PORT are both 9000"):
        ports({"PRODUCT_SERVICE_PORT": "9000", "RECOMMENDATIONS_SERVICE_PORT": "9000"})


def test_service_is_found_by_name() -> None:
    """A name that is none lists those that are."""
    assert service_named("recommendations-service") is RECOMMENDATIONS
    with pytest.raises(UsageError, match="api-gateway-v1"):
        service_named("gateway")
