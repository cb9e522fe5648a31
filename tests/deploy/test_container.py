"""The image without a container engine: the Dockerfile's own steps, and the product run from what they make."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest

from communityshare.infra.processes import free_port

from .conftest import PATIENCE, ROOT, Start, wait_for_port

MB = 1_000_000
BASE_IMAGE = 53 * MB  # Debian 12's libc, OpenSSL and Python 3.11, unpacked
# What the base image has; everything else must come with the wheels.
SYSTEM_LIBRARIES = {
    "ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libmvec.so.1",
    "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libstdc++.so.6", "libutil.so.1", "libz.so.1",
}  # fmt: skip


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the image holds, made from nothing but the files that the Dockerfile copies."""
    source, app = (tmp_path_factory.mktemp("image") / name for name in ("source", "app"))
    dockerfile = (ROOT / "deploy/container/Dockerfile").read_text()
    copied = " ".join(re.findall(r"^COPY ([^-].*) \S+$", dockerfile, re.M)).split()
    names = subprocess.run(
        ["git", "ls-files", "-z", "--", *copied],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    (step,) = re.findall(r"^RUN (deploy/\S+) /app$", dockerfile, re.M)
    environment = without_this_checkout() | {"PYTHON": sys.executable}
    subprocess.run([source / step, app], cwd=source, env=environment, check=True)
    return app


def without_this_checkout() -> dict[str, str]:
    """The environment of a new shell on this machine: none of our own tools, none of make's variables."""
    dropped = ("VIRTUAL_ENV", "PYTHONPATH", "MAKE", "MFLAGS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    places = os.environ["PATH"].split(os.pathsep)
    return environment | {
        "PATH": os.pathsep.join(place for place in places if not place.startswith(str(ROOT)))
    }


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """An empty database."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE image")
        yield postgres.replace("/communityshare?", "/image?")
        connection.execute("DROP DATABASE image WITH (FORCE)")


def settings(database: str, data: Path) -> dict[str, str]:
    """The environment of a container: the Dockerfile's, with this test's ports."""
    return {
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "METRICS_PORT": str(free_port()),
        "COMMUNITYSHARE_DATA_DIR": str(data),
        "DATABASE_URL": database,
        "JWT_SECRET": "j" * 40,
        "NOTIFICATIONS_TOKEN": "n" * 40,
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/nonexistent",
    }


def snapshot(folder: Path) -> dict[Path, int]:
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_it_serves_from_a_folder_it_does_not_write_to(
    app: Path, database: str, start: Start, tmp_path: Path
) -> None:
    environment = settings(database, tmp_path)
    program, before = app / "venv/bin/communityshare", snapshot(app)
    subprocess.run([program, "migrate"], env=environment, check=True, capture_output=True)

    process = start(program, "api", env=environment, cwd=app)
    wait_for_port(int(environment["PORT"]))
    with httpx.Client(base_url=f"http://127.0.0.1:{environment['PORT']}", timeout=PATIENCE) as client:
        assert client.get("/readyz").status_code == 200
        assert '<div id="root">' in client.get("/", headers={"Accept": "text/html"}).text
        assert client.get("/api/auth/me").status_code == 401
    assert healthy(app, environment)

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not healthy(app, environment)
    assert snapshot(app) == before


def healthy(app: Path, environment: dict[str, str]) -> bool:
    """Run the image's health check as the engine would."""
    check = [app / "venv/bin/python", app / "healthcheck.py"]
    return subprocess.run(check, env=environment, capture_output=True, check=False).returncode == 0


def test_it_stays_below_250_mb_unpacked(app: Path) -> None:
    size = sum(path.lstat().st_size for path in app.rglob("*") if not path.is_dir())
    assert size + BASE_IMAGE < 250 * MB, f"{size / MB:.0f} MB on top of the base image"


def test_it_needs_no_library_that_the_base_image_lacks(app: Path) -> None:
    binaries = [path for path in app.rglob("*.so*") if path.is_file()]
    listing = subprocess.run(["objdump", "-p", *binaries], check=True, capture_output=True, text=True).stdout
    own = {path.name for path in binaries}
    assert set(re.findall(r"NEEDED +(\S+)", listing)) - own <= SYSTEM_LIBRARIES
