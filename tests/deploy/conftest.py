"""These tests need Debian's nginx, prometheus and alertmanager: `make test-ops` brings and runs them."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

collect_ignore_glob = [] if "TEST_OPS" in os.environ else ["test_*.py"]

ROOT = Path(__file__).parents[2]
PRODUCT = Path(sys.executable).with_name("communityshare")
PATIENCE = 60  # seconds for what takes about five on an idle machine
Start = Callable[..., subprocess.Popen[str]]


def wait_for_port(port: int) -> None:
    """Return when somebody listens there. Raises TimeoutError after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.02)
    raise TimeoutError(f"nobody listens on {port}")


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve on a loopback port of its own and give that port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def starting(logs: Path) -> Iterator[Start]:
    """Give what starts a program that is ended after the block; what it said is in `NAME.log` of the folder."""
    with ExitStack() as running:

        def run(*command: str | Path, **options: object) -> subprocess.Popen[str]:
            log = running.enter_context((logs / f"{Path(command[0]).name}.log").open("a"))
            process = subprocess.Popen(command, stdout=log, stderr=log, text=True, **options)  # type: ignore[call-overload]
            running.callback(process.wait, 30)
            running.callback(process.terminate)
            return process

        yield run


@contextmanager
def migrated(postgres: str, name: str) -> Iterator[str]:
    """Make a migrated database that nobody else uses."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = postgres.replace("/communityshare?", f"/{name}?")
        subprocess.run([PRODUCT, "migrate"], env={"DATABASE_URL": url}, check=True, capture_output=True)
        yield url
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a program that is ended after the test."""
    with starting(tmp_path) as run:
        yield run


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nginx's workers can reach; pytest's own are closed to other users."""
    with TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def fresh_database(postgres: str) -> Iterator[str]:
    """A migrated database of the test. Ask for it before `start`, so that it goes last."""
    with migrated(postgres, "fresh") as url:
        yield url
