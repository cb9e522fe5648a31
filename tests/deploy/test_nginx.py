"""The shipped nginx settings, in a real nginx before plain servers: only ports and folders are exchanged."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from communityshare.infra.processes import free_port

from .conftest import PATIENCE, Start, serving, wait_for_port
from .proxy import Proxy

MB = 1_000_000


def upstream(name: str, heard: threading.Event) -> type[BaseHTTPRequestHandler]:
    """A server that tells who it is and what it was sent; its stream waits for the first event heard."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            left = int(self.headers.get("Content-Length", 0))
            received = 0
            while received < left:
                received += len(self.rfile.read(min(left - received, MB)))
            self.tell(received=received)

        def do_GET(self) -> None:
            if self.path == "/api/notifications/stream":
                self.stream()
            else:
                self.tell()

        def tell(self, **more: Any) -> None:
            body = json.dumps({"name": name, "headers": dict(self.headers), **more}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"data: first\n\n")
            heard.wait(PATIENCE)
            self.wfile.write(b"data: second\n\n")
            self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    return Handler


@pytest.fixture
def heard() -> threading.Event:
    return threading.Event()


@pytest.fixture
def proxy(start: Start, folder: Path, heard: threading.Event) -> Iterator[Proxy]:
    proxy = Proxy(folder)
    with ExitStack() as stack:
        ports = {n: stack.enter_context(serving(upstream(n, heard))) for n in ("one", "two", "notifications")}
        command = proxy.configure(
            {"api": [ports["one"], ports["two"]], "notifications": [ports["notifications"]]}
        )
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        start(*command, "-g", "daemon off;")
        wait_for_port(proxy.tls)
        yield proxy


def test_plain_http_is_sent_to_https(proxy: Proxy) -> None:
    answer = httpx.get(f"http://127.0.0.1:{proxy.plain}/calendar?month=5")
    assert (answer.status_code, answer.headers["location"]) == (308, "https://127.0.0.1/calendar?month=5")


def test_both_processes_serve(proxy: Proxy) -> None:
    with proxy.client() as client:
        names = [client.get("/api/features").json()["name"] for _ in range(10)]
    assert sorted(names) == ["one"] * 5 + ["two"] * 5


def test_notifications_go_to_their_service(proxy: Proxy) -> None:
    with proxy.client() as client:
        assert client.get("/api/notifications?unread=true").json()["name"] == "notifications"
        assert client.put("/api/notifications/preferences").status_code == 501


def test_what_clients_say_of_themselves_is_dropped(proxy: Proxy) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.9, 10.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=203.0.113.9",
        "X-Real-IP": "203.0.113.9",
    }
    with proxy.client() as client:
        headers = client.get("/", headers=lies).json()["headers"]
    told = {name: value for name, value in headers.items() if name in lies}
    own = f"127.0.0.1:{proxy.tls}"
    assert told == {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": own}
    assert headers["Host"] == own


def test_ten_photos_of_ten_megabytes_pass_and_more_is_refused(proxy: Proxy) -> None:
    with proxy.client() as client:
        assert client.post("/api/maintenance/logs", content=bytes(101 * MB)).json()["received"] == 101 * MB
        for path, size in [("/api/maintenance/logs", 111 * MB), ("/api/maintenance/schedules", 2 * MB)]:
            refused = client.post(path, content=bytes(size))
            assert refused.status_code == 413
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.json()["correlation_id"] == refused.headers["x-correlation-id"]


def test_an_event_goes_out_before_the_next_exists(proxy: Proxy, heard: threading.Event) -> None:
    with proxy.client() as client, client.stream("GET", "/api/notifications/stream") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "data: first"
        heard.set()
        assert [line for line in lines if line] == ["data: second"]


def test_signatures_of_photo_addresses_are_not_logged(proxy: Proxy) -> None:
    with proxy.client() as client:
        client.get("/photos/a.jpg?signature=planted-secret")
    line = proxy.first_line()
    assert (line["path"], line["status"], line["client"]) == ("/photos/a.jpg", 200, "127.0.0.1")
    assert "planted" not in json.dumps(line)


def test_old_tls_is_refused(proxy: Proxy) -> None:
    done = subprocess.run(
        ["openssl", "s_client", "-tls1_1", "-connect", f"127.0.0.1:{proxy.tls}"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0


def test_a_dead_process_is_passed_over_and_none_at_all_is_a_problem_document(
    start: Start, folder: Path
) -> None:
    proxy = Proxy(folder)
    with serving(upstream("alive", threading.Event())) as alive:
        start(
            *proxy.configure({"api": [free_port(), alive], "notifications": [free_port()]}),
            "-g",
            "daemon off;",
        )
        wait_for_port(proxy.tls)
        with proxy.client() as client:
            assert {client.get("/").json()["name"] for _ in range(4)} == {"alive"}
            away = client.get("/api/notifications")
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    assert away.headers["content-type"] == "application/problem+json"
    assert away.json()["code"] == "unavailable"
