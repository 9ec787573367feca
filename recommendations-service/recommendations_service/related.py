"""Which products go with a product."""

from shopkit.catalogue import Catalogue
from shopkit.products import Product

LIMIT = 4  # how many a product page shows


def related_to(catalogue: Catalogue, product_id: int) -> list[Product]:
    """Return up to LIMIT products: first those bought together with it, then its category; never the product itself.

    Raises:
        ApiError: 404, there is no such product.
    """
    wanted = catalogue.entry(product_id)
    together = [catalogue.entry(other) for other in wanted.bought_together]
    alike = [entry for entry in catalogue.products if entry.category == wanted.category]
    candidates = {entry.id: entry for entry in [*together, *alike] if entry.id != wanted.id}
    return [entry.product() for entry in list(candidates.values())[:LIMIT]]
