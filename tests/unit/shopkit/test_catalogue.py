"""The shop's data file, and what is said about a bad one."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from shopkit.catalogue import Catalogue
from shopkit.errors import ApiError, StartError

Write = Callable[[object], Path]


def entry(product_id: int, **changed: object) -> dict[str, object]:
    """Return an entry of a data file as JSON has it."""
    return {
        "id": product_id,
        "name": f"Product {product_id}",
        "category": "Tools",
        "price": 9.5,
        "description": "Works.",
        "bought_together": [],
        **changed,
    }


def without(field: str) -> dict[str, object]:
    """Return an entry that lacks a field."""
    return {name: value for name, value in entry(1).items() if name != field}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a data file with these products."""

    def write_products(products: object) -> Path:
        path = tmp_path / "products.json"
        path.write_text(json.dumps({"products": products}))
        return path

    return write_products


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """Return the catalogue that the services sell from."""
    return Catalogue.read()


def test_the_shipped_catalogue_is_large_enough_to_show(shipped: Catalogue) -> None:
    """It has about fifty products, and every one of its several categories has enough to recommend from."""
    categories = Counter(entry.category for entry in shipped.products)

    assert 45 <= len(shipped.products) <= 60
    assert len(categories) >= 4
    assert min(categories.values()) >= 5


def test_shipped_names_are_distinct(shipped: Catalogue) -> None:
    """No product is in the shop twice under two ids."""
    assert len({entry.name for entry in shipped.products}) == len(shipped.products)


def test_a_good_file_is_read_in_its_order(write: Write) -> None:
    """Products stay in the order of the file, whatever their ids are."""
    catalogue = Catalogue.read(write([entry(7, bought_together=[3]), entry(3)]))

    assert [entry.id for entry in catalogue.products] == [7, 3]
    assert catalogue.entry(7).bought_together == (3,)


def test_a_product_has_no_more_than_its_agreed_fields(write: Write) -> None:
    """What the services exchange leaves out with what a product is bought."""
    catalogue = Catalogue.read(write([entry(1, bought_together=[2]), entry(2)]))

    assert catalogue.entry(1).product() == {
        "id": 1,
        "name": "Product 1",
        "category": "Tools",
        "price": 9.5,
        "description": "Works.",
    }


def test_an_unknown_id_is_not_found(shipped: Catalogue) -> None:
    """Asking for a product that is not there gives 404 with its id."""
    with pytest.raises(ApiError) as refusal:
        shipped.entry(999_999_999)

    assert refusal.value.status == 404
    assert refusal.value.body == {"error": "no such product", "id": 999_999_999}


@pytest.mark.parametrize(
    ("products", "complaint"),
    [
        ([entry(1), entry(1)], "as a whole: Value error, ids used twice: [1]"),
        ([entry(1, bought_together=[1])], "as a whole: Value error, product 1 is bought together with itself"),
        (
            [entry(1, bought_together=[8, 9]), entry(9)],
            "as a whole: Value error, product 1 is bought together with unknown ids: [8]",
        ),
        ([entry(1, price=0)], "products.0.price: Input should be greater than 0"),
        ([entry(1, price=-3)], "products.0.price: Input should be greater than 0"),
        ([entry(1, price=float("nan"))], "products.0.price: Input should be"),
        ([entry(1, price=float("inf"))], "products.0.price: Input should be"),
        ([entry(1, price="cheap")], "products.0.price: Input should be a valid number"),
        ([entry(1, colour="red")], "products.0.colour: Extra inputs are not permitted"),
        ([entry(1), entry(0)], "products.1.id: Input should be greater than or equal to 1"),
        ([entry(1_000_000_000)], "products.0.id: Input should be less than or equal to 999999999"),
        ([entry(1, name="")], "products.0.name: String should have at least 1 character"),
        ([entry(1, description="x" * 501)], "products.0.description: String should have at most 500 characters"),
        ([without("price")], "products.0.price: Field required"),
        ([], "products: Tuple should have at least 1 item"),
        ({}, "products: Input should be a valid array"),
    ],
)
def test_bad_data_is_told_in_one_line(write: Write, products: object, complaint: str) -> None:
    """The service does not start; the line names the file, the place and what is wrong there."""
    path = write(products)

    with pytest.raises(StartError) as refusal:
        Catalogue.read(path)

    assert str(refusal.value).startswith(f"bad catalogue products.json, {complaint}")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"not JSON", b'{"products": [', b"\xff\xfe", b"[]", b"null"])
def test_a_file_that_is_no_catalogue_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    """The service does not start on a file that isn't JSON, or isn't an object."""
    path = tmp_path / "products.json"
    path.write_bytes(content)

    with pytest.raises(StartError, match=r"\Abad catalogue products\.json, as a whole: .+\Z"):
        Catalogue.read(path)


@pytest.mark.parametrize(("name", "reason"), [("missing.json", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, reason: str) -> None:
    """The service does not start without its data file."""
    with pytest.raises(StartError, match=rf"\Acannot read the catalogue .+: {reason}\Z"):
        Catalogue.read(tmp_path / name)
