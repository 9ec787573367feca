"""Which products go with a product: this service's own data, separate from the catalogue's.

The service answers with whole products and must not call another service for them, so it keeps a copy of what it shows.
A test compares the copy with the catalogue.
"""

from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shopkit.data_file import read_data
from shopkit.errors import ApiError

DATA_FILE = Path(__file__).with_name("products.json")
LIMIT = 4  # how many a product page shows


class RelatedProduct(BaseModel):
    """What a product page shows of a recommended product."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: int = Field(ge=1)
    name: str = Field(min_length=1)
    category: str = Field(min_length=1)
    price: float = Field(gt=0, allow_inf_nan=False)  # in the shop's only currency
    description: str = Field(min_length=1)


class Recommendations(BaseModel):
    """The products, and for each the ids of those that people buy with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    products: tuple[RelatedProduct, ...] = Field(min_length=1)
    bought_together: dict[int, tuple[int, ...]]

    @model_validator(mode="after")
    def _ids_make_sense(self) -> Self:
        known = {product.id for product in self.products}
        if self.bought_together.keys() != known:
            raise ValueError(f"bought_together and products differ in {sorted(self.bought_together.keys() ^ known)}")
        for product_id, others in self.bought_together.items():
            if product_id in others:
                raise ValueError(f"product {product_id} is bought together with itself")
            if unknown := set(others) - known:
                raise ValueError(f"product {product_id} is bought together with unknown ids: {sorted(unknown)}")
        return self

    @classmethod
    def read(cls, path: Path = DATA_FILE) -> Self:
        """Read and check the data file.

        Raises:
            StartError: it can't be read, or its content is invalid.
        """
        return read_data(cls, path)

    def related_to(self, product_id: int) -> list[RelatedProduct]:
        """Return up to LIMIT products: first those bought with this one, then its category; never the product itself.

        Raises:
            ApiError: 404, there is no such product.
        """
        if product_id not in self._by_id:
            raise ApiError(404, "no such product", id=product_id)
        together = [self._by_id[other] for other in self.bought_together[product_id]]
        alike = [product for product in self.products if product.category == self._by_id[product_id].category]
        candidates = {product.id: product for product in [*together, *alike] if product.id != product_id}
        return list(candidates.values())[:LIMIT]

    @cached_property
    def _by_id(self) -> dict[int, RelatedProduct]:
        return {product.id: product for product in self.products}
