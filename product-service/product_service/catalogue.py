"""The shop's products: one data file, validated before the service starts."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shopkit.data_file import read_data
from shopkit.errors import ApiError

DATA_FILE = Path(__file__).with_name("catalogue.json")

Text = Annotated[str, Field(min_length=1, max_length=500)]


class Product(BaseModel):
    """One product."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: int = Field(ge=1, le=999_999_999)
    name: Text
    category: Text
    price: float = Field(gt=0, allow_inf_nan=False)  # in the shop's only currency
    description: Text


class Catalogue(BaseModel):
    """All products, in the shop's order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    products: tuple[Product, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [product.id for product in self.products]
        if duplicates := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"ids used twice: {duplicates}")
        return self

    @classmethod
    def read(cls, path: Path = DATA_FILE) -> Self:
        """Read and check the data file.

        Raises:
            StartError: it can't be read, or its content is invalid.
        """
        return read_data(cls, path)

    def product(self, product_id: int) -> Product:
        """Return the product with this id.

        Raises:
            ApiError: 404, there is none.
        """
        try:
            return self._by_id[product_id]
        except KeyError:
            raise ApiError(404, "no such product", id=product_id) from None

    @cached_property
    def _by_id(self) -> dict[int, Product]:
        return {product.id: product for product in self.products}
