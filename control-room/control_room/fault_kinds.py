"""The kinds of faults and their parameters, for the form on the page: made from the services' own vocabulary."""

from typing import Any

from shopkit.faults.vocabulary import GROUPS, BaseFault, kind_of

BY_HTTP = [group for group in GROUPS if group != "process"]  # this page cannot suspend or kill a process
LIMITS = ("rate", "product_id", "for_s", "for_calls")  # that every kind has


def fault_kinds() -> list[dict[str, Any]]:
    """Return each kind with its group, its first line of documentation, its fields, and the limits that it can have."""
    return [_kind(group, model) for group in BY_HTTP for model in GROUPS[group]]


def _kind(group: str, model: type[BaseFault]) -> dict[str, Any]:
    described = model.model_json_schema()["properties"]
    fields = {name: _field(name, schema) for name, schema in described.items() if name != "kind"}
    return {
        "group": group,
        "kind": kind_of(model),
        "says": (model.__doc__ or "").splitlines()[0].replace("`", ""),
        "fields": [field for name, field in fields.items() if name not in LIMITS],
        "limits": [fields[name] for name in LIMITS],
    }


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return what an input for a field needs to know: either choices, or the bounds of a number."""
    number = next((one for one in schema.get("anyOf", ()) if one["type"] != "null"), schema)
    return {
        "name": name,
        "choices": ["false", "true"] if schema.get("type") == "boolean" else schema.get("enum", []),
        "default": schema.get("default"),  # None: the field may stay empty
        "min": number.get("minimum", number.get("exclusiveMinimum")),
        "max": number.get("maximum"),
        "whole": number.get("type") == "integer",
    }
