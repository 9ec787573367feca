"""What is read from /metrics."""

from flask import Flask

from api_gateway_v2.app import create_app
from control_room.reading import BOUNDS_S, RECOMMENDATIONS_ROUTES, latency, outcomes, read

TEXT = """\
# HELP http_requests_total Requests answered
# TYPE http_requests_total counter
http_requests_total{method="GET",route="/product-details/<product_id>",status="200"} 10.0
http_requests_total{method="GET",route="/product-details/<product_id>",status="500"} 2.0
http_requests_total{method="GET",route="/products/<product_id>",status="200"} 5.0
http_requests_total{method="GET",route="/metrics",status="200"} 99.0
http_requests_created{method="GET",route="/products",status="200"} 1.7e+09
http_request_duration_seconds_bucket{le="0.001",route="/products/<product_id>"} 5.0
http_request_duration_seconds_bucket{le="+Inf",route="/products/<product_id>"} 5.0
http_request_duration_seconds_bucket{le="+Inf",route="/product-details/<product_id>"} 12.0
http_request_duration_seconds_bucket{le="+Inf",route="/metrics"} 99.0
http_requests_in_flight 8.0
http_threads 64.0
degraded_answers_total{name="recommendations-service"} 4.0
"""


def test_outcomes_are_those_of_the_shop_alone() -> None:
    """Full, degraded and failed add up to the answers on the shop's routes."""
    reading = read(TEXT)
    assert outcomes(reading.counters) == (11.0, 4.0, 2.0)
    assert reading.counters[3] == 5.0
    assert reading.counters[-1] == 17.0
    assert len(latency(reading.counters)) == len(BOUNDS_S)


def test_own_question_is_no_busy_thread() -> None:
    """The request that asks for the metrics is in flight itself, and is left out."""
    assert (read(TEXT).in_flight, read(TEXT).threads) == (7, 64)
    assert read("http_requests_in_flight 0.0\n").in_flight == 0


def test_service_without_these_metrics_has_none() -> None:
    """What is not there is zero, or unknown."""
    assert outcomes(read(TEXT, RECOMMENDATIONS_ROUTES).counters) == (0.0, 0.0, 0.0)
    assert read("").threads is None


def test_degraded_answer_that_is_not_counted_yet_makes_no_negative_one() -> None:
    """A degraded answer is counted a moment before its status."""
    assert outcomes(read('degraded_answers_total{name="x"} 3.0\n').counters) == (0.0, 0.0, 0.0)


def test_real_gateway_is_understood() -> None:
    """The names that are read here are those that a gateway gives."""
    app: Flask = create_app()
    client = app.test_client()
    assert client.get("/products/0").status_code == 400
    reading = read(client.get("/metrics").text)
    assert (outcomes(reading.counters), reading.counters[-1]) == ((0.0, 0.0, 1.0), 1.0)
