"""Puts a document together: what every service has, what services share, and what is a service's own."""

import json
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from apis.schemas import schemas_of
from experiment.paths import ROOT
from shopkit.errors import PROBLEM

Node = dict[str, Any]

PARTS = Path(__file__).with_name("parts")
SERVICES = {  # the parts of each document, from the common to the service's own
    "product-service": ("chassis", "products", "faults", "product-service"),
    "recommendations-service": ("chassis", "products", "faults", "recommendations-service"),
    "api-gateway-v1": ("chassis", "products", "gateway", "api-gateway-v1"),
    "api-gateway-v2": ("chassis", "products", "gateway", "api-gateway-v2"),
    "control-room": ("chassis", "control-room"),
}
FILES = {name: ROOT / name / name.replace("-", "_") / "openapi.json" for name in SERVICES}
METHODS = ("get", "put", "post", "delete")


def text_of(service: str) -> str:
    """Return the document of a service as its file has it."""
    return json.dumps(document_of(service), indent=1, ensure_ascii=False) + "\n"


def document_of(service: str) -> Node:
    """Return the document of a service."""
    document: Node = {}
    for part in SERVICES[service]:
        _merge(document, yaml.safe_load((PARTS / f"{part}.yaml").read_text(encoding="utf-8")))
        _merge(document, {"components": {"schemas": schemas_of(part)}})
    document["info"]["version"] = _version()
    document["tags"].append(document["tags"].pop(0))  # what every service has comes last
    for_every_request = document.pop("x-every-request")
    for operation in operations(document):
        operation["responses"] = dict(sorted({**for_every_request, **operation["responses"]}.items()))
    for response in _responses(document):
        _complete_response(response)
    _keep_what_is_used(document)
    return document


def operations(document: Node) -> Iterator[Node]:
    """Yield every operation."""
    for path in document["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


def _merge(into: Node, part: Node) -> None:
    """Add a part; lists are joined, and what both say is as the part says."""
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        elif isinstance(value, list) and isinstance(into.get(key), list):
            into[key] = into[key] + deepcopy(value)
        else:
            into[key] = deepcopy(value)


def _version() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        version: str = tomllib.load(file)["project"]["version"]
    return version


def _responses(document: Node) -> Iterator[Node]:
    """Yield every response that is no reference to another."""
    yield from document["components"]["responses"].values()
    for operation in operations(document):
        yield from (response for response in operation["responses"].values() if "$ref" not in response)


def _complete_response(response: Node) -> None:
    """Name the header that every answer has, and the other media type of a problem."""
    response["headers"] = {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}, **response.get("headers", {})}
    if PROBLEM in response["content"]:
        response["content"]["application/json"] = response["content"][PROBLEM]


def _keep_what_is_used(document: Node) -> None:
    """Drop components that nothing refers to, until there are none."""
    kinds: Node = document["components"]
    size = None
    while size != (size := len(json.dumps(kinds))):
        text = json.dumps(document)
        for kind in kinds.keys() - {"securitySchemes"}:
            kinds[kind] = {name: one for name, one in kinds[kind].items() if f'"#/components/{kind}/{name}"' in text}
    document["components"] = {kind: named for kind, named in kinds.items() if named}
