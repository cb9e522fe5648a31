"""What `communityshare backup` wrote, `restore` brings back, row for row and photo for photo."""

import stat
import subprocess
import sys
from pathlib import Path

import psycopg

from communityshare.infra.embedded_postgres import EmbeddedPostgres


def run(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line on a data folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "communityshare", *arguments],
        env={"PATH": "/usr/bin:/bin", "COMMUNITYSHARE_DATA_DIR": str(folder)},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def users(folder: Path) -> list[tuple]:
    """Return every user as stored."""
    with EmbeddedPostgres(folder).running() as url, psycopg.connect(url) as connection:
        return connection.execute("SELECT * FROM users ORDER BY id").fetchall()


def test_backup_and_restore_bring_rows_and_photos_back(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.tar.gz"
    assert run(old, "migrate").returncode == 0
    made = run(
        old,
        "user",
        "create",
        "ada@example.org",
        "--name",
        "Ada",
        "--role",
        "admin",
        stdin="a long password\n",
    )
    assert made.returncode == 0, made.stderr
    (old / "photos" / "ab").mkdir(parents=True)
    (old / "photos" / "ab" / "one.jpg").write_bytes(b"a photo")
    assert run(old, "backup", str(file)).returncode == 0
    assert stat.filemode(file.stat().st_mode) == "-rw-------"
    assert run(new, "restore", str(file)).returncode == 0
    assert users(new) == users(old)
    assert len(users(new)) == 1
    assert (new / "photos" / "ab" / "one.jpg").read_bytes() == b"a photo"
    again = run(new, "restore", str(file))
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert "holds a database already" in again.stderr


def test_restore_refuses_what_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    refused = run(tmp_path / "data", "restore", str(tmp_path / "notes.txt"))
    assert (refused.returncode, "is no backup" in refused.stderr) == (1, True)
