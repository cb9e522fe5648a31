"""`communityshare run`: database, migrations, then the three processes, watched until somebody stops them."""

import fcntl
import ipaddress
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from communityshare.demo.load import load_demo
from communityshare.infra import figures, processes
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.infra.errors import AppError
from communityshare.infra.logging import log
from communityshare.infra.runtime import is_embedded, runtime
from communityshare.infra.settings import Settings, SettingsError
from communityshare.migrations.state import is_current

# A process that keeps dying is started again this many seconds later, not at once.
_RESTART_PAUSE = 2.0
DEMO_LOGINS = """\
    admin@communityshare.example        sees and plans everything
    coordinator@communityshare.example  looks after what is assigned
    member@communityshare.example       owns some of the things
    password of all three: demo-maintenance"""


def run_everything(*, demo: bool) -> None:
    """Serve until SIGINT or SIGTERM. Raises SettingsError when something stands in the way of the start."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with runtime("run") as settings, _only_one(settings):
        _check_address(settings, demo=demo)
        fresh = _prepare(settings, demo=demo)
        port = processes.free_port()
        database = EmbeddedPostgres(settings.data_dir) if is_embedded(settings) else None
        environment = _environment(settings, port, quiet=demo)
        parts = {"api": environment, "worker": environment}
        addresses = {"api": f"http://{_own_address(settings)}"}
        if not settings.notifications_url:
            addresses["notifications"] = f"http://127.0.0.1:{port}"
            parts["notifications"] = {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
        with figures.gathered(settings), _running(parts, addresses) as children:
            if fresh:
                _first_check(settings)
            _greet(settings, demo=demo)
            _watch(children, parts, stopping, database)
            print("Stopping …", flush=True)  # noqa: T201 what the person at the terminal reads


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"COMMUNITYSHARE_DATA_DIR: another `communityshare run` uses {settings.data_dir}; "
                "stop it, or give this one a folder of its own."
            ) from None
        yield


def _check_address(settings: Settings, *, demo: bool) -> None:
    if demo and not _is_loopback(settings.host):
        raise SettingsError("HOST: the demo logins are public, so --demo listens on 127.0.0.1 only.")
    processes.free_address(settings.host, settings.port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _prepare(settings: Settings, *, demo: bool) -> bool:
    """Migrate, load the demo community once; return whether it was loaded now."""
    url = settings.database_url or ""
    if not is_current(url):
        from communityshare.migrations.runner import upgrade

        upgrade(url)
    return load_demo(settings) if demo else False


def _environment(settings: Settings, notifications_port: int, *, quiet: bool) -> dict[str, str]:
    # Who tries the demo reads a greeting; a log line for each request would push it off the screen.
    level = "WARN" if quiet and not os.environ.get("LOG_LEVEL", "").strip() else settings.log_level
    return {
        "LOG_LEVEL": level,
        "DATABASE_URL": settings.database_url or "",
        "NOTIFICATIONS_URL": settings.notifications_url or f"http://127.0.0.1:{notifications_port}",
        "PUBLIC_URL": settings.base_url,
    }


def _own_address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 only compared
    return f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"


@contextmanager
def _running(
    parts: Mapping[str, Mapping[str, str]], addresses: Mapping[str, str]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    children = {name: processes.start(name, parts[name]) for name in addresses}
    try:
        for name, address in addresses.items():
            processes.wait_until_ready(children[name], address)
        # Its deliveries would take a service that is not yet there for one that is away.
        children["worker"] = processes.start("worker", parts["worker"])
        yield children
    finally:
        # Requests end first, then the jobs that deliver what they caused, then the service they deliver to.
        for name in ("api", "worker", "notifications"):
            if name in children:
                processes.stop([children[name]])


def _watch(
    children: dict[str, subprocess.Popen[bytes]],
    parts: Mapping[str, Mapping[str, str]],
    stopping: threading.Event,
    database: EmbeddedPostgres | None,
) -> None:
    """Start what ended again, the embedded database too, until told to stop."""
    started = dict.fromkeys(children, time.monotonic())
    while not stopping.wait(0.5):
        if database:
            database.heal()
        for name, child in children.items():
            if child.poll() is not None and time.monotonic() - started[name] > _RESTART_PAUSE:
                log.error("process ended, starting it again", process=name, code=child.returncode)
                children[name] = processes.start(name, parts[name])
                started[name] = time.monotonic()


def _first_check(settings: Settings) -> None:
    """Tell the demo community what is due, so that its inboxes are not empty."""
    import asyncio

    from communityshare.maintenance.alerts.job import plan_now

    try:
        asyncio.run(plan_now(settings))
    except AppError as error:
        log.warning("the first check did not run", error=error.detail)


def _greet(settings: Settings, *, demo: bool) -> None:
    lines = ["", f"  CommunityShare Maintenance is running: http://{_own_address(settings)}"]
    if demo:
        lines += ["", "  Demo logins:", DEMO_LOGINS]
    lines += ["", "  Press Ctrl-C to stop; your data is kept.", ""]
    print("\n".join(lines), flush=True)  # noqa: T201 what the person at the terminal reads
