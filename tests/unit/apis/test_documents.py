"""The committed documents, held against the code that they describe."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pydantic import SecretStr

import api_gateway_v1.app
import api_gateway_v2.app
import control_room.app
import product_service.app
import recommendations_service.app
from api_gateway_v2.settings import Settings as GatewayV2Settings
from apis.document import FILES, METHODS, document_of, operations, text_of

Node = dict[str, Any]

APPS: dict[str, Callable[[], Flask]] = {
    "product-service": product_service.app.create_app,
    "recommendations-service": recommendations_service.app.create_app,
    "api-gateway-v1": api_gateway_v1.app.create_app,
    "api-gateway-v2": lambda: api_gateway_v2.app.create_app(
        GatewayV2Settings(operator_token=SecretStr("of-the-tests"))
    ),
    "control-room": control_room.app.create_app,
}


@pytest.fixture(params=APPS)
def service(request: pytest.FixtureRequest) -> str:
    """Each service."""
    name: str = request.param
    return name


@pytest.fixture
def app(service: str) -> Flask:
    """The application of the service."""
    return APPS[service]()


@pytest.fixture
def document(service: str) -> Node:
    """The document of the service."""
    return document_of(service)


def test_committed_document_is_up_to_date(service: str) -> None:
    """The file in the service's package is what `python -m apis` writes."""
    assert FILES[service].read_text(encoding="utf-8") == text_of(service)


def test_document_is_openapi(document: Node) -> None:
    """The document is valid OpenAPI 3.1."""
    assert document["openapi"].startswith("3.1.")
    validate(document)


def test_document_has_every_route_and_no_other(app: Flask, document: Node) -> None:
    """The operations and the pages of the document are the routes of the application."""
    operations = {(path, method) for path, item in document["paths"].items() for method in METHODS if method in item}
    pages = {(path, "get") for path in document["x-pages"]}

    assert operations.isdisjoint(pages)
    assert operations | pages == set(routes_of(app))


def routes_of(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield path and method of every route, as OpenAPI writes them; Flask adds HEAD and OPTIONS by itself."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^:<>]*:)?([^<>]*)>", r"{\1}", rule.rule)
        yield from ((path, method.lower()) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_examples_are_valid(document: Node) -> None:
    """Every body has an example, and each example is what its schema says."""
    bodies = list(bodies_of(document))
    wrong = [
        error.message for body in bodies for example in examples_of(body) for error in errors(document, body, example)
    ]

    assert [body for body in bodies if not examples_of(body)] == []
    assert wrong == []


def bodies_of(document: Node) -> Iterator[Node]:
    """Yield the content of every request and of every answer."""
    for operation in operations(document):
        yield from operation.get("requestBody", {}).get("content", {}).values()
    answers = [answer for operation in operations(document) for answer in operation["responses"].values()]
    for answer in [*answers, *document["components"]["responses"].values()]:
        yield from answer.get("content", {}).values()


def examples_of(body: Node) -> list[Any]:
    """Return the examples of a body."""
    if "example" in body:
        return [body["example"]]
    return [example["value"] for example in body.get("examples", {}).values()]


def errors(document: Node, body: Node, value: object) -> list[Any]:
    """Return what is wrong with a value of a body."""
    schema = {"components": document["components"], **body["schema"]}
    return list(Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(value))


def test_problem_examples_have_their_status(document: Node) -> None:
    """An example of an error names the status that it stands for."""
    for operation in operations(document):
        for status, answer in operation["responses"].items():
            found = document["components"]["responses"].get(answer.get("$ref", "").rsplit("/", 1)[-1], answer)
            body = found["content"].get("application/problem+json")
            if body:
                assert re.fullmatch(status.replace("X", "."), str(body["example"]["status"]))
                assert body["example"]["error"] == body["example"]["detail"]


def test_busy_answers_say_when_to_try_again(document: Node) -> None:
    """429 and 503 have the header Retry-After in every document."""
    answers = [operation["responses"].get(status) for operation in operations(document) for status in ("429", "503")]
    for answer in filter(None, answers):
        found = document["components"]["responses"].get(answer.get("$ref", "").rsplit("/", 1)[-1], answer)
        assert "Retry-After" in found["headers"]


def test_service_serves_its_document(service: str, client: FlaskClient) -> None:
    """GET /openapi.json answers with the file, byte for byte."""
    answer = client.get("/openapi.json", base_url="http://127.0.0.1:8000")

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.data == FILES[service].read_bytes()


def test_page_shows_every_operation_and_every_schema(client: FlaskClient, document: Node) -> None:
    """GET /docs has a heading for each operation and each schema, and every link within it leads somewhere."""
    page = client.get("/docs", base_url="http://127.0.0.1:8000").text

    headings = {*re.findall(r'<h[23] id="([^"]+)"', page)}
    assert {operation["operationId"] for operation in operations(document)} <= headings
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= headings
    assert {*re.findall(r'href="#([^"]+)"', page)} - headings == {"content"}


def test_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    """The page has no script, and what it links to are paths of its own service, which are there."""
    page = client.get("/docs", base_url="http://127.0.0.1:8000").text

    assert "<script" not in page
    links = {link for link in re.findall(r'(?:href|src)="([^"]+)"', page) if not link.startswith("#")}
    assert links == {"/openapi.json", "/docs/api.css", "/docs/icon.svg"}
    for link in links:
        with client.get(link, base_url="http://127.0.0.1:8000") as answer:
            assert answer.status_code == 200
