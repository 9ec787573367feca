"""An OpenAPI document as a page: plain HTML, made once from the document alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import render_template
from markupsafe import Markup, escape

Node = dict[str, Any]

METHODS = ("get", "put", "post", "delete")
LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "maxItems": "at most {}",
    "default": "by default {}",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, with what its path says of all of them."""

    method: str
    path: str
    says: Node
    parameters: list[Node]
    answers: dict[str, Node]  # by status, without those that every operation has


def page_of(file: Path) -> str:
    """Return the page of the document in `file`; call it in an application that has the template."""
    document = json.loads(file.read_text(encoding="utf-8"))
    resolve = partial(_resolved, document)
    common = _common_answers(document)
    operations = list(_operations(document, common))
    return render_template(
        "api.html",
        document=document,
        by_tag={
            tag["name"]: [one for one in operations if tag["name"] in one.says["tags"]] for tag in document["tags"]
        },
        common={status: resolve(answer) for status, answer in common.items()},
        resolve=resolve,
        words=words,
        pretty=_pretty,
        prose=_prose,
        examples=_examples,
    )


def _resolved(document: Node, node: Node) -> Node:
    """Return what a reference refers to, or the node itself."""
    if "$ref" not in node:
        return node
    found: Any = document
    for key in node["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    resolved: Node = found
    return resolved


def _operations(document: Node, common: Node) -> Iterator[Operation]:
    resolve = partial(_resolved, document)
    for path, item in document["paths"].items():
        for method in (method for method in METHODS if method in item):
            says = item[method]
            parameters = [resolve(one) for one in (*item.get("parameters", ()), *says.get("parameters", ()))]
            own = {code: resolve(one) for code, one in says["responses"].items() if common.get(code) != one}
            yield Operation(method.upper(), path, says, parameters, own)


def _common_answers(document: Node) -> Node:
    """Return the answers that most operations share, as the document has them."""
    answers = [item[method]["responses"] for item in document["paths"].values() for method in METHODS if method in item]
    shared = [one for one in answers[0].items() if sum(one in other.items() for other in answers) > len(answers) / 2]
    return {status: answer for status, answer in shared if not status.startswith("2")}


def words(schema: Node) -> Markup:
    """Return what a schema allows, in words, with a link to each schema that has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    for several, between in (("anyOf", " or "), ("oneOf", " or "), ("allOf", " with ")):
        if several in schema:
            return Markup(between).join(words(one) for one in schema[several])  # noqa: S704 - our own words
    return Markup(", ").join([_kind(schema), *_limits(schema)])


def _kind(schema: Node) -> Markup:
    if "const" in schema or "enum" in schema:
        return Markup(" or ").join(_code(one) for one in schema.get("enum", [schema.get("const")]))
    if "properties" in schema:
        return Markup(", ").join(_code(name, quoted=False) for name in schema["properties"])
    if schema.get("type") == "array":
        return Markup("array of {}").format(words(schema["items"]))
    kinds = schema.get("type", "anything")
    kind = escape(kinds if isinstance(kinds, str) else " or ".join(kinds))
    return Markup("{} ({})").format(kind, schema["format"]) if "format" in schema else kind


def _limits(schema: Node) -> list[Markup]:
    said = {name: text for name, text in LIMITS.items() if schema.get(name) is not None and "const" not in schema}
    return [Markup(text).format(_code(schema[name])) for name, text in said.items()]  # noqa: S704 - our own words


def _code(value: object, *, quoted: bool = True) -> Markup:
    return Markup("<code>{}</code>").format(json.dumps(value) if quoted else value)


def _prose(text: str) -> Markup:
    """Return text with what stands between backticks as code."""
    parts = enumerate(text.split("`"))
    return Markup().join(_code(part, quoted=False) if index % 2 else escape(part) for index, part in parts)


def _pretty(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _examples(content: Node) -> dict[str, object]:
    """Return the examples of a body by what they show."""
    if "example" in content:
        return {"": content["example"]}
    return {example["summary"]: example["value"] for example in content.get("examples", {}).values()}
