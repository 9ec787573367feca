"""The drawing that shows a product."""

from storefront.pages.pictures import FALLBACK, drawing
from storefront.products import Product


def test_every_product_has_a_drawing(catalogue: list[Product]) -> None:
    """Every product of the catalogue has a drawing of its kind, the most specific one that fits."""
    drawings = {product["id"]: drawing(product) for product in catalogue}

    assert f"drawings/{FALLBACK}.svg" not in drawings.values()
    assert drawings[35] == "drawings/tent.svg"
    assert (drawings[26], drawings[40]) == ("drawings/mug.svg", "drawings/camping-mug.svg")


def test_unknown_kind_is_a_parcel() -> None:
    """A product of a kind without a drawing is shown as a parcel, even when a part of a word would match."""
    novelty = Product(id=99, name="Openwork Tentacle", category="Garden", price=1.0, description="New.")

    assert drawing(novelty) == f"drawings/{FALLBACK}.svg"
