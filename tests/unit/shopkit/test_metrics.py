"""What every service counts."""

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from shopkit.errors import ApiError
from shopkit.service import create_service


@pytest.fixture
def app() -> Flask:
    """Return a service with a route that answers how many requests are in flight, and one that fails."""
    app = create_service("shop")
    registry = app.extensions["metrics"]

    @app.get("/in-flight/<_anything>")
    def in_flight(_anything: str) -> dict[str, float | None]:
        return {"in_flight": registry.get_sample_value("http_requests_in_flight")}

    @app.get("/streams")
    def streams() -> Response:
        return Response(iter(["a", "b"]))

    @app.get("/refuses")
    def refuses() -> str:
        raise ApiError(418, "no")

    @app.get("/breaks")
    def breaks() -> str:
        raise RuntimeError

    return app


@pytest.fixture
def registry(app: Flask) -> CollectorRegistry:
    """Return the registry of the service."""
    registry: CollectorRegistry = app.extensions["metrics"]
    return registry


@pytest.mark.parametrize(
    ("method", "path", "counted_as"),
    [
        ("GET", "/health", ("/health", "200")),
        ("HEAD", "/health", ("/health", "200")),
        ("GET", "/in-flight/1", ("/in-flight/<_anything>", "200")),
        ("GET", "/in-flight/2", ("/in-flight/<_anything>", "200")),
        ("GET", "/refuses", ("/refuses", "418")),
        ("GET", "/breaks", ("/breaks", "500")),
        ("GET", "/nowhere", ("unmatched", "404")),
        ("POST", "/health", ("unmatched", "405")),
    ],
)
def test_a_request_is_counted_and_timed(
    client: FlaskClient, registry: CollectorRegistry, method: str, path: str, counted_as: tuple[str, str]
) -> None:
    """Requests are told apart by method, route and status; the route is the pattern, not what was asked for."""
    route, status = counted_as

    client.open(path, method=method)

    labels = {"method": method, "route": route, "status": status}
    assert registry.get_sample_value("http_requests_total", labels) == 1
    assert registry.get_sample_value("http_request_duration_seconds_count", {"route": route}) == 1


def test_a_request_is_in_flight_while_it_is_served(client: FlaskClient, registry: CollectorRegistry) -> None:
    """The gauge counts a request from its beginning to its end."""
    assert client.get("/in-flight/1").json == {"in_flight": 1}
    assert registry.get_sample_value("http_requests_in_flight") == 0


@pytest.mark.parametrize("path", ["/refuses", "/breaks", "/nowhere"])
def test_a_request_that_failed_is_no_longer_in_flight(
    client: FlaskClient, registry: CollectorRegistry, path: str
) -> None:
    """Whatever becomes of a request, the gauge goes down again."""
    client.get(path)

    assert registry.get_sample_value("http_requests_in_flight") == 0


@pytest.mark.parametrize("read_whole", [True, False])
def test_streaming_answer_is_in_flight_until_its_end(
    client: FlaskClient, registry: CollectorRegistry, monkeypatch: pytest.MonkeyPatch, *, read_whole: bool
) -> None:
    """A body that is made while it is sent counts and takes time until it ends, or its reader leaves."""
    now_s = 100.0
    monkeypatch.setattr("time.perf_counter", lambda: now_s)
    answer = client.get("/streams")
    body = answer.iter_encoded()
    assert next(body) == b"a"

    labels = {"method": "GET", "route": "/streams", "status": "200"}
    assert registry.get_sample_value("http_requests_in_flight") == 1
    assert registry.get_sample_value("http_requests_total", labels) is None

    now_s += 30
    if read_whole:
        assert list(body) == [b"b"]
    answer.close()

    assert registry.get_sample_value("http_requests_in_flight") == 0
    assert registry.get_sample_value("http_requests_total", labels) == 1
    assert registry.get_sample_value("http_request_duration_seconds_sum", {"route": "/streams"}) == 30


def test_metrics_are_served_as_prometheus_reads_them(client: FlaskClient) -> None:
    """GET /metrics is Prometheus text with all three of our metrics."""
    client.get("/health")

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    assert {"http_requests", "http_request_duration_seconds", "http_requests_in_flight"} <= {
        family.name for family in text_string_to_metric_families(answer.text)
    }


def test_two_services_in_one_process_count_apart() -> None:
    """Every service has a registry of its own."""
    one, other = create_service("one"), create_service("other")

    one.test_client().get("/health")

    labels = {"method": "GET", "route": "/health", "status": "200"}
    assert one.extensions["metrics"].get_sample_value("http_requests_total", labels) == 1
    assert other.extensions["metrics"].get_sample_value("http_requests_total", labels) is None
