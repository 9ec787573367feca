"""Traces made by OpenTelemetry's own instrumentation of Flask and requests, and sent by OTLP over HTTP.

A thread of its own sends them in batches. Its queue is bounded and drops what it cannot take, so that no request ever
waits for a collector.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Self

import structlog
from flask import Flask
from requests.adapters import HTTPAdapter

from shopkit.direct import direct_session
from shopkit.tracing import Traces

if TYPE_CHECKING:
    from shopkit.tracing import Send

# OpenTelemetry reads its variables when it is imported, and some values stop the import. A service has one of them as
# its setting; what else the user's environment says is for other programs. The names of HTTP attributes are the stable
# ones.
for _name in [name for name in os.environ if name.startswith("OTEL_")]:
    del os.environ[_name]
os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "http"

from opentelemetry import trace  # noqa: E402 - see above
from opentelemetry.context import Context  # noqa: E402
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: E402
from opentelemetry.instrumentation.flask import FlaskInstrumentor  # noqa: E402
from opentelemetry.instrumentation.requests import RequestsInstrumentor  # noqa: E402
from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: E402
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider  # noqa: E402
from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: E402

POLLED = "/(health|ready|metrics|circuit-status|stats/requests)$"  # a few times a second by those who watch a service
EXPORT_TIMEOUT_S = 2.0  # for a batch, with what is tried again
LAST_BATCH_S = 0.5  # for what is left when the service stops

_log = structlog.get_logger()


class OpenTelemetryTraces(Traces):
    """The traces of one process."""

    is_on = True

    def __init__(self, service: str, make_processor: Callable[[], SpanProcessor]) -> None:
        """`make_processor` makes what takes the spans. `start` calls it, because it may start a thread."""
        logging.getLogger("opentelemetry").setLevel(logging.ERROR)  # one line for each batch that is lost
        self._make_processor = make_processor
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
        self._tracer = self._provider.get_tracer("shopkit")
        RequestsInstrumentor().instrument(tracer_provider=self._provider, excluded_urls=POLLED)

    @classmethod
    def sent_to(cls, service: str, endpoint: str) -> Self:
        """Send the spans by OTLP to the collector at `endpoint`."""

        def make_processor() -> SpanProcessor:
            session, url = direct_session(), f"{endpoint}/v1/traces"
            return BatchSpanProcessor(OTLPSpanExporter(url, timeout=EXPORT_TIMEOUT_S, session=session))

        return cls(service, make_processor)

    def instrument(self, app: Flask) -> None:
        """Make a span of every request of `app` that is not only there to watch the service."""
        FlaskInstrumentor.instrument_app(  # type: ignore[no-untyped-call]  # has no types
            app, tracer_provider=self._provider, excluded_urls=POLLED, enable_commenter=False
        )

    def sender(self, adapter: HTTPAdapter) -> "Send":
        """Return the `send` of a session around the adapter: it is sessions that OpenTelemetry instruments."""
        session = direct_session()
        session.mount("http://", adapter)
        return partial(session.send, allow_redirects=False, proxies={})

    def begin(self, request_id: str) -> Mapping[str, str]:
        """Put a request's id on the current span; return the id of its trace for its log lines."""
        span = trace.get_current_span()
        span.set_attribute("request_id", request_id)
        context = span.get_span_context()
        return {"trace_id": trace.format_trace_id(context.trace_id)} if context.is_valid else {}

    @contextmanager
    def root_span(self, name: str) -> Iterator[None]:
        """Make the block a trace of its own."""
        with self._tracer.start_as_current_span(name, context=Context()):
            yield

    def note(self, attributes: Mapping[str, str | bool]) -> None:
        """Put attributes on the current span, unless it has ended: a call may outlive its request."""
        span = trace.get_current_span()
        if span.is_recording():
            span.set_attributes(attributes)

    def event(self, name: str, attributes: Mapping[str, str]) -> None:
        """Add an event to the current span, unless it has ended."""
        span = trace.get_current_span()
        if span.is_recording():
            span.add_event(name, attributes)

    def start(self) -> None:
        """Begin to send spans. Without a thread for it, the service works on and sends none."""
        try:
            self._provider.add_span_processor(self._make_processor())
        except RuntimeError as error:
            _log.warning("no thread for traces", why=str(error))

    def stop(self) -> None:
        """Send what is left within LAST_BATCH_S; the thread that does it ends with the process."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(LAST_BATCH_S)
