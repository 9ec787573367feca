"""The switch of the traces."""

import subprocess
import sys

import pytest

from shopkit import tracing
from shopkit.errors import StartError

START = "from shopkit import tracing; tracing.switch_on('a', {endpoint!r}); import sys; "


def python(code: str) -> str:
    """Run code in a new interpreter and return what it prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout  # noqa: S603


def test_nothing_is_imported_while_it_is_off() -> None:
    """Without an address a service does not load OpenTelemetry."""
    code = START.format(endpoint="") + "print([m for m in sys.modules if m.startswith('opentelemetry')])"
    assert python(code) == "[]\n"


def test_says_which_packages_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an address and without the packages, the service's one line says what to install."""
    monkeypatch.setitem(sys.modules, "shopkit.opentelemetry_traces", None)
    with pytest.raises(StartError, match=r"^OTEL_EXPORTER_OTLP_ENDPOINT is set, .* install requirements/tracing\.txt"):
        tracing.switch_on("a", "http://127.0.0.1:4318")
    assert not tracing.traces().is_on
