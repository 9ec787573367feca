"""The switch of the traces."""

import os
import subprocess
import sys

import pytest

from shopkit import tracing
from shopkit.errors import StartError

START = "from shopkit import tracing; tracing.switch_on('a', {endpoint!r}); import sys; "


OF_OTHERS = {"OTEL_PROPAGATORS": "nonsense", "OTEL_SDK_DISABLED": "true", "OTEL_TRACES_SAMPLER": "always_off"}


def python(code: str, **settings: str) -> str:
    """Run code in a new interpreter, with these variables, and return what it prints."""
    environment = {**os.environ, **settings}
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)  # noqa: S603
    return run.stdout


def test_nothing_is_imported_while_it_is_off() -> None:
    """Without an address a service does not load OpenTelemetry."""
    code = START.format(endpoint="") + "print([m for m in sys.modules if m.startswith('opentelemetry')])"
    assert python(code) == "[]\n"


def test_other_variables_of_opentelemetry_have_no_effect() -> None:
    """A service that is started by hand where some would stop it, or its traces, makes traces."""
    code = START.format(endpoint="http://127.0.0.1:1") + "t = tracing.traces()\n"
    code += "with t.root_span('work'): print(len(t.begin('an-id')['trace_id']))"
    assert python(code, **OF_OTHERS) == "32\n"


def test_says_which_packages_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an address and without the packages, the service's one line says what to install."""
    monkeypatch.setitem(sys.modules, "shopkit.opentelemetry_traces", None)
    with pytest.raises(StartError, match=r"^OTEL_EXPORTER_OTLP_ENDPOINT is set, .* install requirements/tracing\.txt"):
        tracing.switch_on("a", "http://127.0.0.1:4318")
    assert not tracing.traces().is_on
