"""Child processes of the command line: started, watched until they answer, stopped without losing work."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

from communityshare.infra.logging import log
from communityshare.infra.settings import SettingsError

_PR_SET_PDEATHSIG = 1
_STOP_PATIENCE = 30.0  # seconds from SIGTERM to SIGKILL
_START_PATIENCE = 90.0  # seconds until a process must answer


class ChildError(Exception):
    """A process did not come up; the text is one line."""


def free_port() -> int:
    """Return a TCP port on loopback that nobody listens on now.

    It lies below those that the kernel gives to outgoing connections, so that none of these takes it meanwhile.
    """
    while True:
        port = random.randrange(10_000, 32_000)  # noqa: S311 no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def free_address(host: str, port: int) -> str:
    """Return the number of an address, which may be a name. Raises SettingsError if one cannot listen there."""
    try:
        family, *_, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise SettingsError(f"HOST: {host!r} is no address of this machine; 127.0.0.1 is one.") from error
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address[0], port))
        except OSError as error:
            raise SettingsError(
                f"PORT: {host}:{port} cannot be used ({error.strerror}); choose another."
            ) from error
    return str(address[0])


def start(
    command: str, environment: Mapping[str, str], *arguments: str, output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start `communityshare COMMAND ARGUMENTS`; it hears Ctrl-C only through us, and ends when we are killed.

    `output` takes what it prints; None leaves that where ours goes.
    """
    return subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", "communityshare", command, *arguments],
        env={**os.environ, **environment},
        stdout=output,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 one system call
    )


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """Let the kernel send this process a signal when its parent is gone, killed perhaps. On Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def wait_until_ready(child: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the process answers `/readyz`. Raises ChildError when it ends or takes too long."""
    deadline = time.monotonic() + _START_PATIENCE
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise ChildError(
                f"The process at {address} ended with code {child.returncode}; its log says why."
            )
        if _answers(f"{address}/readyz"):
            return
        time.sleep(0.05)
    raise ChildError(f"Nothing answers at {address} after {_START_PATIENCE:.0f} s.")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 a loopback address of ours
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask every process to end, wait for the work in flight, kill what is left after 30 s."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _STOP_PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("process did not stop in time", pid=child.pid)
            # The whole group: a server that is killed leaves its own children behind.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@contextmanager
def notification_service(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the address of a Notification Service of our own that lives as long as the block."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    # Its log is no part of a command's result.
    own = {**environment, "HOST": "127.0.0.1", "PORT": str(port), "METRICS_PORT": ""}
    child = start("notifications", own, output=sys.stderr.buffer)
    try:
        wait_until_ready(child, address)
        yield address
    finally:
        stop([child])
