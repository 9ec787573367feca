"""The published description of comparison_report.json: its JSON Schema, and docs/report.md.

`python -m experiment.results.schema` writes both.
"""

import json
from collections.abc import Iterator
from typing import Any

from experiment.paths import ROOT
from experiment.results.model import Report

SCHEMA = ROOT / "docs" / "comparison_report.schema.json"
PAGE = ROOT / "docs" / "report.md"
INTRODUCTION = """# comparison_report.json

All that a run measured. The schema is [comparison_report.schema.json](comparison_report.schema.json) (JSON Schema); the
version is in `schema_version`, and another version is refused. Units are in the names: `_s` seconds, `_ms`
milliseconds, `_per_s` a second, `_share` from 0 to 1. Moments are in seconds since the load began, on both gateways at
once.

The requests themselves are in the file that `requests_file` names, a line each: request_id (the X-Request-ID that the
services logged), gateway, route, phase (in which it was to start), intended_s, started_s, ended_s, status (0: the
connection broke), outcome, latency_ms.

This page and the schema are written by `python -m experiment.results.schema`, from experiment/results/model/.
"""


def schema() -> str:
    """Return the JSON Schema."""
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema()}, indent=1) + "\n"


def page() -> str:
    """Return the page: every field of every part."""
    published = _schema()
    parts = {"Report": published, **published["$defs"]}
    return "\n".join([INTRODUCTION, *(line for name, part in parts.items() for line in _part(name, part))])


def _schema() -> dict[str, Any]:
    return Report.model_json_schema(mode="serialization")


def _part(name: str, part: dict[str, Any]) -> Iterator[str]:
    if "properties" not in part:  # an enumeration, which is spelt out where it is used
        return
    yield f"## {name}"
    yield ""
    yield part.get("description", "")
    yield ""
    yield "| field | type | what it is |"
    yield "|---|---|---|"
    for field, details in part["properties"].items():
        yield f"| {field} | {_type(details)} | {_sentence(details.get('description', ''))} |"
    yield ""


def _type(details: dict[str, Any]) -> str:
    match details:
        case {"$ref": reference}:
            kind = _named(reference)
        case {"anyOf": options} | {"oneOf": options}:
            kind = " or ".join(_type(option) for option in options)
        case {"const": word}:
            kind = str(word)
        case {"enum": words}:
            kind = ", ".join(words)
        case {"prefixItems": [first, *_]}:
            kind = f"pair of {_type(first)}"
        case {"type": "array", "items": items}:
            kind = f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": values}:
            kind = f"object of {_type(values)}"
        case _:
            kind = details["type"]
    return kind


def _named(reference: str) -> str:
    name = reference.rsplit("/", 1)[1]
    words = _schema()["$defs"][name].get("enum")
    return ", ".join(words) if words else f"[{name}](#{name.lower()})"


def _sentence(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
