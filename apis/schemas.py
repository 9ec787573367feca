"""The schemas that come from the services' own models, for each part of a document that names them."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from api_gateway_v2 import circuit_control
from api_gateway_v2.breaker import CallCounts
from api_gateway_v2.transitions import Control, State
from control_room import controls
from product_service import catalogue
from recommendations_service.related import RelatedProduct
from shopkit.faults.vocabulary import FAULT
from storefront import products

TEMPLATE = "#/components/schemas/{model}"

Model = tuple[str, JsonSchemaMode, TypeAdapter[Any]]

MODELS: dict[str, list[Model]] = {
    "faults": [("Fault", "validation", FAULT)],
    "product-service": [("Product", "serialization", TypeAdapter(catalogue.Product))],
    "recommendations-service": [("RelatedProduct", "serialization", TypeAdapter(RelatedProduct))],
    "gateway": [("Product", "serialization", TypeAdapter(products.Product))],
    "api-gateway-v2": [
        ("CallCounts", "serialization", TypeAdapter(CallCounts)),
        ("CircuitOrder", "validation", TypeAdapter(circuit_control.CircuitOrder)),
        ("Control", "serialization", TypeAdapter(Control)),
        ("State", "serialization", TypeAdapter(State)),
    ],
    "control-room": [
        ("CircuitOrder", "validation", TypeAdapter(controls.CircuitOrder)),
        ("Fault", "validation", FAULT),
        ("LoadOrder", "validation", TypeAdapter(controls.LoadOrder)),
    ],
}


def schemas_of(part: str) -> dict[str, Any]:
    """Return the schemas of a part, by their names in the document."""
    by_model, shared = TypeAdapter.json_schemas(MODELS.get(part, ()), ref_template=TEMPLATE)
    named = {name: schema for (name, _), schema in by_model.items() if "$ref" not in schema}
    return {name: _without_titles(schema) for name, schema in {**shared.get("$defs", {}), **named}.items()}


def _without_titles(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Drop pydantic's titles, which are the names again in other letters."""
    if isinstance(schema, list):
        return [_without_titles(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _without_titles(value) for key, value in schema.items() if key != "title" or isinstance(value, dict)}
