"""The services and the gateways under test, on ports that are free."""

from collections.abc import Iterable

from benchmarks.processes import BenchServer, Server, assign_ports
from benchmarks.under_test.mesh import Envoy
from benchmarks.under_test.registry import GatewayUnderTest
from shopkit.direct import direct_session
from shopkit.metrics_reader import Metrics

ANSWERS_WITHIN_S = 5


def server_of(gateway: GatewayUnderTest, recommendations: BenchServer) -> BenchServer:
    """Return the server of a gateway, with what stands between it and recommendations."""
    envoy = Envoy("envoy", recommendations) if gateway.has_envoy else None
    return BenchServer(gateway.name, gateway.module, gateway.port_variable, gateway.settings, beside=envoy)


def tell_addresses(server: BenchServer, product: BenchServer, recommendations: BenchServer) -> None:
    """Tell a gateway's server where the services are, once all have their ports."""
    called = server.beside or recommendations
    addresses = {"PRODUCT_SERVICE_URL": product.url, "RECOMMENDATIONS_SERVICE_URL": called.url}
    server.settings = {**server.settings, **addresses}


class ShopUnderTest:
    """All servers of a measurement; `benchmarks.processes.running` starts them."""

    def __init__(self, gateways: Iterable[GatewayUnderTest]) -> None:
        self.product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
        self.recommendations = BenchServer(
            "recommendations-service", "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT"
        )
        self.gateways = {gateway: server_of(gateway, self.recommendations) for gateway in gateways}
        assign_ports(self.servers)
        for server in self.gateways.values():
            tell_addresses(server, self.product, self.recommendations)

    @property
    def servers(self) -> list[Server]:
        """All of them, those first that others call."""
        beside = [server.beside for server in self.gateways.values() if server.beside]
        return [self.product, self.recommendations, *beside, *self.gateways.values()]

    def slow_down(self, *, product_s: float, recommendations_s: float) -> None:
        """Let the services wait before they answer."""
        self.inject({"kind": "slow", "delay_s": recommendations_s})
        if product_s:
            self._put(f"{self.product.url}/faults", {"kind": "slow", "delay_s": product_s})
        else:
            self._delete(f"{self.product.url}/faults")

    def inject(self, fault: dict[str, object]) -> None:
        """Give the recommendations service a fault in place of the one that it may have."""
        self._put(f"{self.recommendations.url}/faults", fault)

    def heal(self) -> None:
        """Take the fault away."""
        self._delete(f"{self.recommendations.url}/faults")

    def calls(self) -> dict[GatewayUnderTest, int]:
        """Return how many calls of each gateway have arrived at the recommendations service.

        Gateways that call by the same name, as those made of v2 do, are counted together.
        """
        answer = direct_session().get(f"{self.recommendations.url}/metrics", timeout=ANSWERS_WITHIN_S)
        answer.raise_for_status()
        counted = Metrics(answer.text, only=("recommendations_calls",))
        total = "recommendations_calls_total"
        return {gateway: int(counted.total(total, caller=gateway.caller)) for gateway in self.gateways}

    def _delete(self, url: str) -> None:
        direct_session().delete(url, timeout=ANSWERS_WITHIN_S).raise_for_status()

    def _put(self, url: str, body: dict[str, object]) -> None:
        direct_session().put(url, json=body, timeout=ANSWERS_WITHIN_S).raise_for_status()
