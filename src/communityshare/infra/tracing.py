"""Traces by OpenTelemetry: a span for each request and job, one trace through API, job and Notification Service.

Off, and not even imported, unless OTEL_EXPORTER_OTLP_ENDPOINT is set. What else OpenTelemetry takes from the
environment counts too, such as OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from communityshare.infra import correlation
from communityshare.infra.settings import Settings, SettingsError

_CARRIED = (b"traceparent", b"tracestate")  # https://www.w3.org/TR/trace-context/
_FLUSH_MILLISECONDS = 3000
_provider: Any = None


def configure(settings: Settings, service: str) -> None:
    """Send this process's spans to the collector that the settings name. Raises SettingsError without the extra."""
    global _provider  # noqa: PLW0603 one for each process, as OpenTelemetry has it
    if not settings.otel_exporter_otlp_endpoint:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT: install what it needs: pip install -r requirements/traces.txt"
        ) from error
    _provider = TracerProvider(resource=Resource.create({"service.name": f"communityshare-{service}"}))
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))


def flush() -> None:
    """Send the spans that wait; a process that stops calls it last."""
    if _provider:
        _provider.force_flush(_FLUSH_MILLISECONDS)


def headers() -> dict[str, str]:
    """Return what a request to another service, or a job, carries of the present trace."""
    carrier: dict[str, str] = {}
    if _provider:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(carrier)
    return carrier


@contextmanager
def span(name: str, kind: str, carrier: Mapping[str, str] | None) -> Iterator[Any]:
    """Open a span, the child of what `carrier` names; `kind` is SERVER or CONSUMER. Yields None without a collector."""
    if not _provider:
        yield None
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = TraceContextTextMapPropagator().extract(carrier or {})
    tracer = _provider.get_tracer("communityshare")
    with tracer.start_as_current_span(name, parent, SpanKind[kind]) as opened:
        opened.set_attribute("correlation_id", correlation.current())
        yield opened


def traced(app: ASGIApp) -> ASGIApp:
    """Return the application with a span around each request; without a collector, the application itself."""
    if not _provider:
        return app

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        carrier = {
            key.decode(): value.decode("latin-1") for key, value in scope["headers"] if key in _CARRIED
        }
        with span(scope["method"], "SERVER", carrier) as opened:

            async def send_told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    opened.set_attribute("http.response.status_code", message["status"])
                await send(message)

            try:
                await app(scope, receive, send_told)
            finally:
                route = scope.get("path_template") or "none"
                opened.update_name(f"{scope['method']} {route}")
                opened.set_attribute("correlation_id", correlation.current())

    return handle
