"""One trace through API, job and Notification Service, sent to a collector over OTLP; without one, no cost."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.e2e.product import Product
from tests.e2e.test_logs import ADMIN, PASSWORD, eventually, plan_overdue, prepare

Told = list[tuple[str, Span]]


@contextmanager
def collector() -> Iterator[tuple[str, Told]]:
    """Yield the address of a real OTLP receiver, and the spans it got with the services they came from."""
    told: Told = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                service = next(
                    a.value.string_value for a in resource.resource.attributes if a.key == "service.name"
                )
                told.extend((service, span) for scope in resource.scope_spans for span in scope.spans)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", told
        server.shutdown()
        thread.join()


async def test_one_trace_has_spans_of_api_job_and_notification_service(tmp_path: Path) -> None:
    with collector() as (address, told):
        product = Product(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=address)
        prepare(product)
        with product.running():
            admin = product.sign_in(ADMIN, PASSWORD)
            plan_overdue(admin)
            answer = admin.post("/api/maintenance/alerts/generate", headers={"X-Correlation-ID": "traced"})
            assert answer.status_code == 202
            run = f"/api/maintenance/alerts/runs/{answer.json()['run_id']}"
            await eventually(lambda: admin.get(run).json()["sent"] == 2)
            mine = admin.get("/api/notifications")
            assert mine.status_code == 200, mine.text
    spans = {(service, span.name): span for service, span in told}
    request = spans["communityshare-api", "POST /api/maintenance/alerts/generate"]
    job = next(
        span for _, span in told if span.name == "deliver_waiting" and span.trace_id == request.trace_id
    )
    mail = spans["communityshare-notifications", "POST /api/notifications/email"]
    assert job.parent_span_id == request.span_id
    assert (mail.trace_id, mail.parent_span_id) == (request.trace_id, job.span_id)
    attributes = {a.key: a.value for a in mail.attributes}
    assert attributes["correlation_id"].string_value == "traced"
    assert attributes["http.response.status_code"].int_value == 202
    passed_on = spans["communityshare-notifications", "GET /api/notifications"]
    assert passed_on.parent_span_id in {
        span.span_id for service, span in told if service == "communityshare-api"
    }


def test_without_a_collector_nothing_of_it_is_loaded() -> None:
    program = """
import sys
import communityshare.worker
from communityshare.infra.settings import Settings
from communityshare import app
from communityshare.notifications import app as notifications
settings = Settings(database_url="postgresql://unused", jwt_secret="x" * 32, notifications_token="x")
for module in (app, notifications):
    module.create_app(settings)
# redis-py loads the API of OpenTelemetry where that is installed; what makes and sends spans is ours to load.
sys.exit(any(name.startswith(("opentelemetry.exporter", "opentelemetry.sdk.trace", "google")) for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode == 0
