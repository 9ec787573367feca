"""A product, as the gateways know it."""

from typing_extensions import TypedDict


class Product(TypedDict):
    """A product in the answers of the services."""

    id: int
    name: str
    category: str
    price: float  # in the shop's only currency
    description: str
