"""What a page shows instead of the recommendations that it could not get."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock, Thread
from typing import Literal, NamedTuple

from shopkit import request_ids
from shopkit.errors import DependencyError, RequestRejected
from storefront.clients import Catalogue
from storefront.products import Product

FallbackKind = Literal["empty", "last-known", "popular"]
KEPT = 1000  # products whose last good answer is kept


class Related(NamedTuple):
    """The recommendations for a product, or what takes their place."""

    products: list[Product]
    mode: dict[str, object]  # in the answer: `degraded_mode`, and which fallback it is


class Fallback:
    """No recommendations. The other fallbacks fall back on this one."""

    def remember(self, product_id: int, products: list[Product]) -> None:
        """Note a good answer of the dependency."""

    def instead(self, product_id: int) -> Related:  # noqa: ARG002 - may be overridden
        """Return what takes the place of the recommendations for a product."""
        return _degraded([], "empty")


class LastKnown(Fallback):
    """The last good answer for the same product, with its age; empty if there was none.

    Safe to share between threads.
    """

    def __init__(self, kept: int = KEPT, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the answers for `kept` products, those that were answered last; `clock` returns monotonic seconds."""
        self._kept = kept
        self._clock = clock
        self._lock = Lock()
        self._answers: OrderedDict[int, tuple[float, list[Product]]] = OrderedDict()

    def remember(self, product_id: int, products: list[Product]) -> None:
        """Keep the answer in the place of the one before it, or of the oldest one."""
        with self._lock:
            self._answers[product_id] = self._clock(), products
            self._answers.move_to_end(product_id)
            if len(self._answers) > self._kept:
                self._answers.popitem(last=False)

    def instead(self, product_id: int) -> Related:
        """Return the last good answer for this product."""
        with self._lock:
            known = self._answers.get(product_id)
        if known is None:
            return super().instead(product_id)
        at_s, products = known
        return _degraded(products, "last-known", fallback_age_s=round(self._clock() - at_s, 3))


class Popular(Fallback):
    """The same products for everybody, except the one on the page. Safe to share between threads.

    It asks the catalogue for them in the background, until it has an answer, because a degraded answer must not wait
    for that. Until then it is empty.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        product_ids: Sequence[int],
        start: Callable[[Callable[[], None]], None] = lambda task: Thread(target=task, daemon=True).start(),
    ) -> None:
        """`start` runs a function in the background."""
        self._catalogue = catalogue
        self._product_ids = product_ids
        self._start = start
        self._asking = Lock()
        self._products: list[Product] | None = None  # None: not known yet

    def instead(self, product_id: int) -> Related:
        """Return the popular products, or nothing while they are not known."""
        known = self._products
        if known is None:
            self._ask_in_the_background()
        if not known:
            return super().instead(product_id)
        return _degraded([product for product in known if product["id"] != product_id], "popular")

    def _ask_in_the_background(self) -> None:
        if self._asking.acquire(blocking=False):
            try:
                self._start(self._ask)
            except RuntimeError:  # the system has no thread left: the next page tries again
                self._asking.release()

    def _ask(self) -> None:
        request_ids.begin()
        try:
            by_id = {product["id"]: product for product in self._catalogue.products()}
            self._products = [by_id[wanted] for wanted in self._product_ids if wanted in by_id]
        except (DependencyError, RequestRejected):
            pass  # the next page tries again
        finally:
            self._asking.release()


def _degraded(products: list[Product], fallback: FallbackKind, **details: object) -> Related:
    return Related(products, {"degraded_mode": True, "fallback": fallback, **details})
