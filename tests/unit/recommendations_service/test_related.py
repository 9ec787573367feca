"""Which products go with a product."""

import pytest
from pydantic import ValidationError

from product_service.catalogue import Catalogue
from recommendations_service.related import LIMIT, Recommendations


def shop(*products: tuple[int, str, list[int]]) -> Recommendations:
    """Return recommendations for products of (id, category, bought together)."""
    return Recommendations.model_validate(
        {
            "products": [
                {"id": i, "name": "x", "category": category, "price": 1, "description": "x"}
                for i, category, _ in products
            ],
            "bought_together": {i: together for i, _, together in products},
        }
    )


@pytest.mark.parametrize(
    ("products", "expected"),
    [
        ([(1, "a", [])], []),
        ([(1, "a", []), (2, "a", []), (3, "b", [])], [2]),
        ([(1, "a", [3]), (2, "a", []), (3, "a", [])], [3, 2]),
        ([(1, "a", [3, 3]), (2, "a", []), (3, "b", [])], [3, 2]),
        ([(1, "a", [6, 5, 4, 3, 2]), *[(i, "b", []) for i in range(2, 7)]], [6, 5, 4, 3]),
    ],
)
def test_prefers_products_bought_together(products: list[tuple[int, str, list[int]]], expected: list[int]) -> None:
    """Products bought with this one come first, then its category, each once and four at most."""
    assert [product.id for product in shop(*products).related_to(1)] == expected


@pytest.mark.parametrize(
    ("products", "complaint"),
    [
        ([(1, "a", [1])], "product 1 is bought together with itself"),
        ([(1, "a", [8, 9]), (9, "a", [])], r"product 1 is bought together with unknown ids: \[8\]"),
    ],
)
def test_rejects_ids_that_make_no_sense(products: list[tuple[int, str, list[int]]], complaint: str) -> None:
    """A product can only be bought together with other products of the file."""
    with pytest.raises(ValidationError, match=complaint):
        shop(*products)


def test_every_shipped_product_has_recommendations() -> None:
    """Each product page of the shop shows one to four other products."""
    shipped = Recommendations.read()

    for product in shipped.products:
        related = [other.id for other in shipped.related_to(product.id)]
        assert 1 <= len(related) == len(set(related)) <= LIMIT
        assert product.id not in related


def test_copy_agrees_with_catalogue() -> None:
    """This service's copy of the products has the same content as the catalogue of product-service."""
    own = [product.model_dump() for product in Recommendations.read().products]

    assert own == [product.model_dump() for product in Catalogue.read().products]
