"""A real PgBouncer in transaction mode with the shipped settings: only addresses and the login are exchanged."""

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from communityshare.infra import embedded_postgres, processes

SHIPPED = Path(__file__).parents[1] / "deploy/pgbouncer/pgbouncer.ini"
PATIENCE = 10  # seconds


@contextmanager
def in_front_of(database_url: str, folder: Path) -> Iterator[str]:
    """Yield the address of the same database through PgBouncer."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert program, "deploy/install-ops-tools.sh installs it"
    port, target = processes.free_port(), conninfo_to_dict(database_url)
    (folder / "pgbouncer.ini").write_text(_settings(port, str(target["host"]), str(target["dbname"])))
    # PgBouncer refuses root, as PostgreSQL does.
    command = [*embedded_postgres._privileges(folder), program, "-q", str(folder / "pgbouncer.ini")]
    with (folder / "pgbouncer.log").open("w") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(child, port, folder / "pgbouncer.log")
        yield f"postgresql://communityshare@127.0.0.1:{port}/communityshare"
    finally:
        child.terminate()
        child.wait(PATIENCE)


def _settings(port: int, host: str, name: str) -> str:
    text = SHIPPED.read_text()
    for shipped, here in {
        r"host=postgres port=5432 dbname=communityshare": f"host={host} dbname={name} user=communityshare",
        r"listen_addr = .*": "listen_addr = 127.0.0.1\nunix_socket_dir =",
        r"listen_port = .*": f"listen_port = {port}",
        r"auth_type = .*": "auth_type = any",
        r"auth_file = .*\n": "",
    }.items():
        text, found = re.subn(shipped, here, text)
        assert found == 1, shipped
    return text


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.02)
    raise TimeoutError(f"PgBouncer does not listen:\n{log.read_text()}")
