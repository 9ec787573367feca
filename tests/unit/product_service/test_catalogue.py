"""The catalogue's data file, and the message that a bad one gives."""

import json
from collections import Counter
from pathlib import Path

import pytest

from product_service.catalogue import Catalogue
from shopkit.errors import StartError


def entry(product_id: int, **changed: object) -> dict[str, object]:
    """Return a product as the data file has it."""
    product = {"id": product_id, "name": "Drill", "category": "Tools", "price": 9.5, "description": "Works."}
    return product | changed


def test_shipped_catalogue_is_large_enough_to_show() -> None:
    """The shop has about fifty distinct products, and at least five in each of its categories."""
    products = Catalogue.read().products
    categories = Counter(product.category for product in products)

    assert 45 <= len(products) <= 60
    assert len({product.name for product in products}) == len(products)
    assert len(categories) >= 4
    assert min(categories.values()) >= 5


@pytest.mark.parametrize(
    ("products", "complaint"),
    [
        ([entry(1), entry(1)], "ids used twice: [1]"),
        ([entry(1), entry(2, price=0)], "products.1.price: Input should be greater than 0"),
        ([entry(1, price=float("nan"))], "products.0.price: Input should be"),
        ([entry(1, colour="red")], "products.0.colour: Extra inputs are not permitted"),
        ([], "products: Tuple should have at least 1 item"),
    ],
)
def test_rejects_bad_data_in_one_line(tmp_path: Path, products: object, complaint: str) -> None:
    """A bad file stops the start with one line that names the file, the place and the problem."""
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps({"products": products}))

    with pytest.raises(StartError) as refusal:
        Catalogue.read(path)

    assert str(refusal.value).startswith(f"bad data in catalogue.json: {complaint}")
    assert "\n" not in str(refusal.value)
