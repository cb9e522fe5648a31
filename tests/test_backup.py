"""What `communityshare backup` wrote, `restore` brings back, row for row and photo for photo."""

import stat
import subprocess
import sys
import tarfile
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
    half = tmp_path / "half.tar.gz"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    damaged = run(tmp_path / "third", "restore", str(half))
    assert (damaged.returncode, damaged.stderr) == (
        1, f"communityshare: {half} is damaged, or was not written to its end.\n",
    )  # fmt: skip
    assert run(tmp_path / "third", "restore", str(file)).returncode == 0


def test_restore_refuses_what_is_no_backup(tmp_path: Path) -> None:
    notes, archive = tmp_path / "notes.txt", tmp_path / "notes.tar"
    notes.write_text("hello")
    with tarfile.open(archive, "w") as file:
        file.add(notes, notes.name)
    for other in (notes, archive):
        refused = run(tmp_path / "data", "restore", str(other))
        assert (refused.returncode, refused.stderr) == (
            1, f"communityshare: {other} is no backup of this product.\n",
        )  # fmt: skip


def test_a_folder_is_no_place_to_back_up_to(tmp_path: Path) -> None:
    refused = run(tmp_path / "data", "backup", str(tmp_path))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"communityshare: {tmp_path} is a folder; name a file.\n",
    )
    assert not tmp_path.with_name(f"{tmp_path.name}.part").exists()
