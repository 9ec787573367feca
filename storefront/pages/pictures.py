"""The drawing of a product: templates/drawings has one file for each kind of product."""

import re
from pathlib import Path

from storefront.products import Product

FALLBACK = "parcel"
_FOLDER = Path(__file__).parent / "templates" / "drawings"
# the longest match wins: a camping mug is a mug as well
_KINDS = sorted((file.stem for file in _FOLDER.glob("*.svg")), key=lambda kind: (-len(kind), kind))


def drawing(product: Product) -> str:
    """Return the template of the kind that the product's name mentions, or of a parcel."""
    words = "-".join(["", *re.findall(r"[a-z]+", product["name"].lower()), ""])
    kind = next((kind for kind in _KINDS if f"-{kind}-" in words), FALLBACK)
    return f"drawings/{kind}.svg"
