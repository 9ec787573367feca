"""Is the service alive, and is it ready?"""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from shopkit import healthcheck
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from shopkit.service import create_service


class Dependencies:
    """Two stub dependencies, each of which raises what it is told to."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception] = {}

    def ping(self, name: str) -> Callable[[], None]:
        """Return the call that checks on `name`."""

        def check() -> None:
            if name in self.errors:
                raise self.errors[name]

        return check


@pytest.fixture
def dependencies() -> Dependencies:
    """Return the dependencies of the service, all well."""
    return Dependencies()


@pytest.fixture
def app(dependencies: Dependencies) -> Flask:
    """Return a service that needs two others."""
    return create_service("shop", needs={name: dependencies.ping(name) for name in ("depot", "till")})


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """Serve the application for real, and return where."""
    server = make_server("127.0.0.1", 0, app)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield server.server_port
    server.shutdown()
    serving.join()
    server.server_close()


def test_a_service_is_ready_when_everything_it_needs_is_there(client: FlaskClient) -> None:
    """Ready means 200."""
    answer = client.get("/ready")

    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_a_service_that_needs_nothing_is_ready() -> None:
    """Without needs, being alive is being ready."""
    assert create_service("shop").test_client().get("/ready").status_code == 200


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("depot", "is away"),
        BadAnswer("depot", "answered 500"),
        DeadlineExceeded("depot", "is late"),
        RequestRejected(404, "depot has no /health"),
    ],
)
def test_a_service_is_not_ready_without_what_it_needs(
    client: FlaskClient, dependencies: Dependencies, error: Exception
) -> None:
    """Not ready means 503, and the answer names what is missing and why."""
    dependencies.errors["depot"] = error

    answer = client.get("/ready")

    assert answer.status_code == 503
    assert answer.json == {"error": "not ready", "missing": {"depot": str(error)}}


def test_everything_that_is_missing_is_named(client: FlaskClient, dependencies: Dependencies) -> None:
    """All needs are checked, beyond the first that fails."""
    dependencies.errors = {name: Unreachable(name, "is away") for name in ("depot", "till")}

    answer = client.get("/ready")

    assert answer.json == {"error": "not ready", "missing": {"depot": "depot is away", "till": "till is away"}}


def test_a_service_lives_whatever_it_needs(client: FlaskClient, dependencies: Dependencies) -> None:
    """A missing dependency is no reason to restart the service."""
    dependencies.errors["depot"] = Unreachable("depot", "is away")

    answer = client.get("/health")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_healthcheck_succeeds_on_a_service_that_is_ready(port: int) -> None:
    """Exit status 0 tells the container engine that all is well."""
    assert healthcheck.main(str(port)) == 0


def test_the_healthcheck_fails_on_a_service_that_is_not_ready(port: int, dependencies: Dependencies) -> None:
    """A service without what it needs is unhealthy."""
    dependencies.errors["till"] = Unreachable("till", "is away")

    assert healthcheck.main(str(port)) == 1
