"""Where the services listen."""

import pytest

from experiment.errors import UsageError
from experiment.services import GATEWAY_V2, PRODUCT, RECOMMENDATIONS, ports, service_named


def test_ports_come_from_the_env_file() -> None:
    """Without anything in the environment, .env decides."""
    assert ports({})[GATEWAY_V2] == 8090


def test_environment_goes_before_the_file() -> None:
    """A port in the environment is taken."""
    assert ports({"PRODUCT_SERVICE_PORT": "18081"})[PRODUCT] == 18081


@pytest.mark.parametrize("text", ["0", "65536", "x", "-1", "80.0", "9" * 30, "٨٠"])
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
