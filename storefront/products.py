"""What the gateways know of a product."""

from typing_extensions import TypedDict


class Product(TypedDict):
    """A product, as the services answer with it."""

    id: int
    name: str
    category: str
    price: float  # in the shop's only currency
    description: str
