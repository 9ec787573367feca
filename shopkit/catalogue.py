"""The shop's products: one data file, checked in full before a service starts."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shopkit.errors import ApiError, StartError
from shopkit.products import Product

DATA_FILE = Path(__file__).with_name("catalogue.json")

ProductId = Annotated[int, Field(ge=1, le=999_999_999)]
Text = Annotated[str, Field(min_length=1, max_length=500)]


class CatalogueEntry(BaseModel):
    """A product, and the ids of those that people buy with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: ProductId
    name: Text
    category: Text
    price: float = Field(gt=0, allow_inf_nan=False)
    description: Text
    bought_together: tuple[ProductId, ...]

    def product(self) -> Product:
        """Return what the services exchange of it."""
        return Product(
            id=self.id, name=self.name, category=self.category, price=self.price, description=self.description
        )


class Catalogue(BaseModel):
    """All products, in the shop's order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    products: tuple[CatalogueEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_make_sense(self) -> Self:
        ids = [entry.id for entry in self.products]
        if duplicates := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"ids used twice: {duplicates}")
        for entry in self.products:
            if entry.id in entry.bought_together:
                raise ValueError(f"product {entry.id} is bought together with itself")
            if unknown := set(entry.bought_together) - set(ids):
                raise ValueError(f"product {entry.id} is bought together with unknown ids: {sorted(unknown)}")
        return self

    @classmethod
    def read(cls, path: Path = DATA_FILE) -> Self:
        """Read and check the data file.

        Raises:
            StartError: it can't be read, or says something that can't be.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise StartError(f"cannot read the catalogue {path.name}: {error.strerror}") from error
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "as a whole"
            raise StartError(f"bad catalogue {path.name}, {where}: {first['msg']}") from error

    def entry(self, product_id: int) -> CatalogueEntry:
        """Return the entry with this id.

        Raises:
            ApiError: 404, there is none.
        """
        for entry in self.products:
            if entry.id == product_id:
                return entry
        raise ApiError(404, "no such product", id=product_id)
