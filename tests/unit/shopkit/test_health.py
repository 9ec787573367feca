"""GET /health, GET /ready, and the container's health check."""

import subprocess
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from shopkit.errors import RequestRejected, Unreachable
from shopkit.service import create_service
from support.demo import ROOT
from support.problems import a_problem


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
    """Return healthy dependencies of the service."""
    return Dependencies()


@pytest.fixture
def app(dependencies: Dependencies) -> Flask:
    """Return a service that needs two others."""
    return create_service("shop", needs={name: dependencies.ping(name) for name in ("depot", "till")})


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """Serve the application on a socket and return its port."""
    server = make_server("127.0.0.1", 0, app)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield server.server_port
    server.shutdown()
    serving.join()
    server.server_close()


def test_ready_with_all_dependencies(client: FlaskClient) -> None:
    """A service whose dependencies all answer is ready."""
    answer = client.get("/ready")

    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_ready_without_dependencies() -> None:
    """A service without dependencies is ready as soon as it runs."""
    assert create_service("shop").test_client().get("/ready").status_code == 200


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("depot", "is away"),
        RequestRejected(404, "depot has no /health"),
    ],
)
def test_not_ready_without_dependency(client: FlaskClient, dependencies: Dependencies, error: Exception) -> None:
    """A service that misses a dependency answers 503 with its name and the reason."""
    dependencies.errors["depot"] = error

    answer = client.get("/ready")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json == a_problem(503, "not ready", missing={"depot": str(error)})


def test_names_every_missing_dependency(client: FlaskClient, dependencies: Dependencies) -> None:
    """The check goes on after the first dependency that fails."""
    dependencies.errors = {name: Unreachable(name, "is away") for name in ("depot", "till")}

    answer = client.get("/ready")

    assert answer.json == a_problem(503, "not ready", missing={"depot": "depot is away", "till": "till is away"})


def test_healthy_without_dependency(client: FlaskClient, dependencies: Dependencies) -> None:
    """A missing dependency leaves /health at 200, so that nobody restarts the service."""
    dependencies.errors["depot"] = Unreachable("depot", "is away")

    answer = client.get("/health")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_healthcheck_succeeds_when_ready(port: int) -> None:
    """The health check exits with 0 when the service is ready."""
    assert healthcheck(port) == 0


def test_healthcheck_fails_when_not_ready(port: int, dependencies: Dependencies) -> None:
    """The health check exits with 1 when the service misses a dependency."""
    dependencies.errors["till"] = Unreachable("till", "is away")

    assert healthcheck(port) == 1


def test_healthcheck_fails_when_nothing_listens(free_ports: Callable[[int], list[int]]) -> None:
    """The health check exits with 1 when no service listens on the port."""
    assert healthcheck(free_ports(1)[0]) == 1


def healthcheck(port: int) -> int:
    """Return the exit status of the check that container engines run."""
    command = ["bash", "containers/healthcheck.sh", str(port)]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL, timeout=30, check=False).returncode  # noqa: S603 - our own script
