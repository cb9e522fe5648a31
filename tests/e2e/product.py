"""The product as its user starts it: the command line, in a data folder of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2

from communityshare.infra import processes

PASSWORD = "demo-maintenance"


class Product:
    """One data folder, and the commands that work on it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = processes.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "COMMUNITYSHARE_DATA_DIR": str(folder),
            "PORT": str(self.port),
            "LOG_LEVEL": "INFO",
            **settings,
        }
        self.output = ""
        self._clients = ExitStack()

    def command(self, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "communityshare", *arguments],
            env={**self.environment, **settings},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def check(self, *arguments: str) -> dict[str, Any]:
        """Run the daily check and return its metrics."""
        done = self.command("check", *arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start `communityshare run` and stop it as Ctrl-C does."""
        # A file, not a pipe: nobody reads while the test runs, and a full pipe would stop the product.
        with (self.folder.parent / f"{self.folder.name}.out").open("w") as output:
            started = subprocess.Popen(
                [sys.executable, "-m", "communityshare", "run", *arguments],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            processes.wait_until_ready(started, self.address)
            yield started
        finally:
            self._clients.close()
            started.send_signal(signal.SIGINT)
            started.wait(40)
            self.output = Path(output.name).read_text()

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx2.Client:
        """Return a client with the access token of a demo user."""
        client = self._clients.enter_context(httpx2.Client(base_url=self.address, timeout=20))
        email = name if "@" in name else f"{name}@communityshare.example"
        answer = client.post("/api/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client
