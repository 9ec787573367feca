"""Traces, which are off unless OTEL_EXPORTER_OTLP_ENDPOINT says where to send them.

Off, nothing of OpenTelemetry is imported, or even installed: `Traces` does nothing. `shopkit.opentelemetry_traces` does
the same things for real.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from flask import Flask

from shopkit.errors import StartError

if TYPE_CHECKING:
    from requests import Response
    from requests.adapters import HTTPAdapter  # installed only in services that call others

    Send = Callable[..., Response]


class Traces:
    """No traces. What the parts of a service ask of them, each at one place."""

    is_on = False

    def instrument(self, app: Flask) -> None:
        """Make a span of every request of `app` that a user or another service sends."""

    def sender(self, adapter: "HTTPAdapter") -> "Send":
        """Return what sends a prepared request, with the context of the current span in its headers."""
        return adapter.send

    def begin(self, request_id: str) -> Mapping[str, str]:  # noqa: ARG002 - may be overridden
        """Put a request's id on the current span; return what its log lines say of its trace."""
        return {}

    def root_span(self, name: str) -> AbstractContextManager[object]:  # noqa: ARG002 - may be overridden
        """Make the block a trace of its own."""
        return nullcontext()

    def note(self, attributes: Mapping[str, str | bool]) -> None:
        """Put attributes on the current span."""

    def event(self, name: str, attributes: Mapping[str, str]) -> None:
        """Add an event to the current span."""

    def start(self) -> None:
        """Begin to send spans, in the process that makes them."""

    def stop(self) -> None:
        """Send what is left, if that does not take long."""


class _Process:
    traces = Traces()


def traces() -> Traces:
    """Return the traces of this process."""
    return _Process.traces


def use(traces: Traces) -> None:
    """Make these the traces of every part of a service that is made from now on."""
    _Process.traces = traces


def switch_on(service: str, endpoint: str | None) -> None:
    """Trace the service, if there is an address to send its traces to.

    Raises:
        StartError: the packages for it are not installed.
    """
    if not endpoint:
        return
    try:
        from shopkit.opentelemetry_traces import OpenTelemetryTraces  # noqa: PLC0415 - not installed where it is off
    except ModuleNotFoundError:
        raise StartError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages for traces are missing: "
            "install requirements/tracing.txt, or build the image again (docs/tracing.md)"
        ) from None
    use(OpenTelemetryTraces.sent_to(service, endpoint))
