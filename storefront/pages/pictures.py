"""Which drawing shows a product: templates/drawings has one file for each kind of thing that the shop sells."""

import re
from pathlib import Path

from storefront.products import Product

FALLBACK = "parcel"
_FOLDER = Path(__file__).parent / "templates" / "drawings"
# a longer name says more: a camping mug is a mug, but not every mug
_KINDS = sorted((file.stem for file in _FOLDER.glob("*.svg")), key=lambda kind: (-len(kind), kind))


def drawing(product: Product) -> str:
    """Return the template with the shapes of what the product's name says that it is, or of a parcel."""
    words = "-".join(["", *re.findall(r"[a-z]+", product["name"].lower()), ""])
    kind = next((kind for kind in _KINDS if f"-{kind}-" in words), FALLBACK)
    return f"drawings/{kind}.svg"
