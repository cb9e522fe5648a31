"""A real nginx with the shipped settings: only ports and folders are exchanged."""

import json
import re
import shutil
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx2 as httpx

from communityshare.infra.processes import free_port

from .conftest import PATIENCE, ROOT


class Proxy:
    """One nginx, its ports and its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plain, self.tls = free_port(), free_port()

    def configure(self, upstreams: dict[str, list[int]]) -> list[str | Path]:
        """Lay the shipped files out in the test's folder; return the command that runs them."""
        settings = (ROOT / "deploy/nginx/nginx.conf").read_text()
        for shipped, here in {
            "listen 80 ": f"listen 127.0.0.1:{self.plain} ",
            "listen 443 ": f"listen 127.0.0.1:{self.tls} ",
            "/var/cache/nginx": str(self.folder),
            "/run/nginx.pid": f"{self.folder}/pid",
            "/dev/stdout": f"{self.folder}/access.log",
            "/dev/stderr": f"{self.folder}/error.log",
        }.items():
            assert shipped in settings
            settings = settings.replace(shipped, here)
        (self.folder / "nginx.conf").write_text(settings)
        shutil.copy(ROOT / "deploy/nginx/real-ip.conf", self.folder)
        (self.folder / "upstreams.conf").write_text(
            moved((ROOT / "deploy/nginx/upstreams.conf").read_text(), upstreams)
        )
        subprocess.run([ROOT / "deploy/compose/prepare.sh", self.folder], check=True, capture_output=True)
        # Under root the workers are another user, who must reach the folder.
        self.folder.chmod(0o711)
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
        assert nginx
        return [nginx, "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"]

    def served_by(self) -> set[str]:
        """Return the addresses of the processes that have answered so far."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return {json.loads(line)["upstream"] for line in lines} - {""}

    def first_line(self) -> dict[str, Any]:
        """Return what is logged of the first request, which nginx writes when it has answered."""
        deadline = time.monotonic() + PATIENCE
        while not (text := (self.folder / "access.log").read_text()).endswith("\n"):
            assert time.monotonic() < deadline, "nothing was logged"
            time.sleep(0.02)
        return json.loads(text.splitlines()[0])

    def client(self, **options: Any) -> httpx.Client:
        """Return a client that trusts the certificate made for this proxy, and no other."""
        trust = ssl.create_default_context(cafile=self.folder / "tls/fullchain.pem")
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.tls}", verify=trust, timeout=PATIENCE, **options
        )


def moved(upstreams: str, ports: dict[str, list[int]]) -> str:
    """Put loopback addresses in the place of the services' names; port 9 where there is none.

    Debian's nginx cannot ask for a name again (`resolve` came with 1.27.3), and addresses need not be asked for.
    """
    for name in ("api", "notifications", "store"):
        line = re.search(rf"server {name}:\d+ resolve(.*;)", upstreams)
        assert line
        here = " ".join(f"server 127.0.0.1:{port}{line[1]}" for port in ports.get(name, [9]))
        upstreams = upstreams.replace(line[0], here)
    return upstreams
