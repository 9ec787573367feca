"""Both services in one process, each as `python app.py` would find it: with its own folder first on the path."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient

LAB = Path(__file__).resolve().parent.parent
OWN_MODULES = ("settings", "logging_utils")  # of these, each service has its own


def load(service: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import the app.py of a service under the service's name."""
    for variable in ("SERVICE_A_PORT", "SERVICE_B_PORT", "SERVICE_A_URL"):
        monkeypatch.delenv(variable, raising=False)
    for name in OWN_MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(LAB / service))
    spec = importlib.util.spec_from_file_location(service, LAB / service / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in OWN_MODULES:
        del sys.modules[name]
    return module


@pytest.fixture
def service_a(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of service A."""
    client: FlaskClient = load("service_a", monkeypatch).app.test_client()
    return client


@pytest.fixture
def service_b(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of service B; what B asks of A goes through `requests.get`, which a test replaces."""
    client: FlaskClient = load("service_b", monkeypatch).app.test_client()
    return client
