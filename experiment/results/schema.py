"""The published description of a file of results: its JSON Schema and a page, such as those of comparison_report.json.

`python -m experiment.results.schema` writes both.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

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


@dataclass(frozen=True, slots=True)
class Description:
    """What is published of a kind of file."""

    model: type[BaseModel]
    introduction: str  # of the page
    schema_file: Path
    page_file: Path

    def schema(self) -> str:
        """Return the JSON Schema."""
        published = {"$schema": "https://json-schema.org/draft/2020-12/schema", **self._schema()}
        return json.dumps(published, indent=1) + "\n"

    def page(self) -> str:
        """Return the page: every field of every part."""
        published = self._schema()
        parts = {self.model.__name__: published, **published["$defs"]}
        return "\n".join(
            [self.introduction, *(line for name, part in parts.items() for line in self._part(name, part))]
        )

    def write(self) -> None:
        """Write both."""
        self.schema_file.write_text(self.schema(), encoding="utf-8")
        self.page_file.write_text(self.page(), encoding="utf-8")

    def _schema(self) -> dict[str, Any]:
        return self.model.model_json_schema(mode="serialization")

    def _part(self, name: str, part: dict[str, Any]) -> Iterator[str]:
        if "properties" not in part:  # an enumeration, which is spelt out where it is used
            return
        yield f"## {name}"
        yield ""
        yield part.get("description", "")
        yield ""
        yield "| field | type | what it is |"
        yield "|---|---|---|"
        for field, details in part["properties"].items():
            yield f"| {field} | {self._type(details)} | {_sentence(details.get('description', ''))} |"
        yield ""

    def _type(self, details: dict[str, Any]) -> str:
        match details:
            case {"$ref": reference}:
                kind = self._named(reference)
            case {"anyOf": options} | {"oneOf": options}:
                kind = " or ".join(self._type(option) for option in options)
            case {"const": word}:
                kind = str(word)
            case {"enum": words}:
                kind = ", ".join(words)
            case {"prefixItems": [first, *_]}:
                kind = f"pair of {self._type(first)}"
            case {"type": "array", "items": items}:
                kind = f"list of {self._type(items)}"
            case {"type": "object", "additionalProperties": values}:
                kind = f"object of {self._type(values)}"
            case _:
                kind = details["type"]
        return kind

    def _named(self, reference: str) -> str:
        name = reference.rsplit("/", 1)[1]
        words = self._schema()["$defs"][name].get("enum")
        return ", ".join(words) if words else f"[{name}](#{name.lower()})"


def _sentence(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")


REPORT = Description(Report, INTRODUCTION, SCHEMA, PAGE)

if __name__ == "__main__":
    REPORT.write()
