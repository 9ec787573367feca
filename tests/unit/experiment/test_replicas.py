"""Replicas of v2, and the balancer in its place."""

import pytest
import yaml

from demo.balancer import command
from experiment.errors import UsageError
from experiment.replicas import BALANCED, replicas_of_v2, shop_with
from experiment.services import GATEWAY_V2, SERVICES, ports, urls


def test_shop_without_replicas_is_the_shop() -> None:
    """Without replicas nothing stands before v2."""
    assert shop_with(()) is SERVICES


def test_balancer_takes_the_place_of_v2() -> None:
    """The balancer has v2's address, and is told the ports of the replicas, each of which runs v2's own program."""
    replicas = replicas_of_v2(2)
    services = shop_with(replicas, {"API_GATEWAY_V2_2_PORT": "9002"})
    balancer = services[-1]
    assert urls(services, {})[GATEWAY_V2] == "http://127.0.0.1:8090"
    assert ports(replicas, {}) == dict(zip(replicas, (8101, 8102), strict=True))
    assert balancer.program.settings == {BALANCED: "8101,9002"}
    assert {replica.program.module for replica in replicas} == {"api_gateway_v2"}


def test_two_replicas_cannot_have_one_port() -> None:
    """A port that is given twice is refused."""
    with pytest.raises(UsageError, match="API_GATEWAY_V2_1_PORT and API_GATEWAY_V2_2_PORT are both 8102"):
        shop_with(replicas_of_v2(2), {"API_GATEWAY_V2_1_PORT": "8102"})


def test_balancer_retries_only_what_may_be_made_again() -> None:
    """A GET without an answer is made again elsewhere; any other request is not, and no answer is retried."""
    configuration = yaml.safe_load(command({"API_GATEWAY_V2_PORT": "8090", BALANCED: "8101,8102"})[-1])
    (listener,), (cluster,) = (configuration["static_resources"][part] for part in ("listeners", "clusters"))
    (chain,) = listener["filter_chains"]
    get, other = chain["filters"][0]["typed_config"]["route_config"]["virtual_hosts"][0]["routes"]
    assert get["match"]["headers"][0]["string_match"] == {"exact": "GET"}
    assert get["route"]["retry_policy"]["retry_on"] == "connect-failure,refused-stream,reset"
    assert "retry_policy" not in other["route"]
    endpoints = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
    addresses = [endpoint["endpoint"]["address"]["socket_address"] for endpoint in endpoints]
    assert addresses == [{"address": "127.0.0.1", "port_value": port} for port in (8101, 8102)]
