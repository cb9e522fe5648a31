"""Run a command against the whole product with the demo community: `with_demo_server.py COMMAND…`.

The product runs on a free port with a data folder of its own; the command finds its address in BASE_URL and a
Chromium in CHROMIUM. Chromium is installed where it is missing (Debian's as root, else Playwright's own).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from communityshare.infra import processes

ROOT = Path(__file__).parents[1]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """Return the path of a Chromium, installed if need be. Ends the run with one line when there is none."""
    if found := next(filter(None, map(shutil.which, _NAMES)), None):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        null = subprocess.DEVNULL
        subprocess.run(["apt-get", "update", "-qq"], stdout=null, check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
            stdout=null,
            check=False,
        )
        if found := shutil.which("chromium"):
            return found
    installed = subprocess.run(
        ["npx", "--prefix", "web", "playwright", "install", "--only-shell", "chromium"], cwd=ROOT, check=False
    )
    if installed.returncode:
        sys.exit("No Chromium: install one (Debian: apt-get install chromium) and run this again.")
    return ""


def main() -> None:
    """Start the product, run the command, stop the product; end with the command's code."""
    port = processes.free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="communityshare-demo-") as folder:
        environment = {
            "PORT": str(port),
            "COMMUNITYSHARE_DATA_DIR": folder,
            "COMMUNITY_TIMEZONE": "Europe/Berlin",
            "RATE_LIMIT_PER_MINUTE": "10000",
            "LOGIN_RATE_LIMIT_PER_MINUTE": "1000",
            "LOG_LEVEL": "ERROR",
        }
        server = processes.start("run", environment, "--demo")
        try:
            processes.wait_until_ready(server, address)
            variables = {**os.environ, "BASE_URL": address, "CHROMIUM": chromium(), "DATA_DIR": folder}
            code = subprocess.run(sys.argv[1:], cwd=ROOT, env=variables, check=False).returncode
        finally:
            processes.stop([server])
    sys.exit(code)


if __name__ == "__main__":
    main()
