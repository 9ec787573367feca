"""The two services behind their guards, as the application uses them."""

from api_gateway_v2.background_guard import BackgroundGuard, GuardedCall, RefusedCall
from api_gateway_v2.breaker import Breaker
from api_gateway_v2.direct_guard import DirectGuard
from api_gateway_v2.fallbacks import Fallback, Related
from api_gateway_v2.transitions import State
from storefront.clients import Catalogue, RecommendationsService
from storefront.products import Product


class GuardedProducts:
    """The catalogue, which every page needs: it answers, or is refused at once."""

    def __init__(self, service: Catalogue, guard: DirectGuard) -> None:
        self._service = service
        self._guard = guard

    def product(self, product_id: int) -> Product:
        """Return one product; raises as `ProductService.product` and `DirectGuard.call` do."""
        return self._guard.call(self._service.product, product_id)

    def products(self) -> list[Product]:
        """Return all products; raises as `ProductService.products` and `DirectGuard.call` do."""
        return self._guard.call(self._service.products)


class GuardedRecommendations:
    """Related products, which a page can do without: there is always an answer, or the fallback."""

    def __init__(
        self, service: RecommendationsService, guard: BackgroundGuard, fallback: Fallback, products: Breaker
    ) -> None:
        """`products` is the circuit of the products, without which nobody wants recommendations."""
        self._service = service
        self._guard = guard
        self._fallback = fallback
        self._products = products

    def start(self, product_id: int) -> "RelatedCall":
        """Start to ask for the products that go with this one. Never block."""
        call: GuardedCall[list[Product]] | RefusedCall = self._guard.refused
        if self._products.state is State.CLOSED:
            call = self._guard.start(self._service.related_to, product_id)
        return RelatedCall(call, product_id, self._fallback)


class RelatedCall:
    """A call for related products, in flight or refused."""

    __slots__ = ("_call", "_fallback", "_product_id")

    def __init__(self, call: GuardedCall[list[Product]] | RefusedCall, product_id: int, fallback: Fallback) -> None:
        self._call = call
        self._product_id = product_id
        self._fallback = fallback

    def result(self) -> Related:
        """Wait, no longer than the deadline; return the related products or the fallback."""
        products, degraded = self._call.result_or([])
        if degraded:
            return self._fallback.instead(self._product_id)
        self._fallback.remember(self._product_id, products)
        return Related(products, {"degraded_mode": False})
