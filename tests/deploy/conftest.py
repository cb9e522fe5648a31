"""These tests need Debian's nginx, prometheus and alertmanager: `make test-ops` brings and runs them."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

collect_ignore_glob = [] if "TEST_OPS" in os.environ else ["test_*.py"]

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a program that is ended after the test; what it said is in `NAME.log` of the test's folder."""
    with ExitStack() as running:

        def run(*command: str | Path, **options: object) -> subprocess.Popen[str]:
            log = running.enter_context((tmp_path / f"{Path(command[0]).name}.log").open("a"))
            process = subprocess.Popen(command, stdout=log, stderr=log, text=True, **options)  # type: ignore[call-overload]
            running.callback(process.wait, 10)
            running.callback(process.terminate)
            return process

        yield run
