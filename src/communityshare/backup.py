"""`communityshare backup` and `restore`: the embedded database and the photos, in one file."""

import subprocess
import tarfile
import tempfile
from pathlib import Path

import psycopg

from communityshare.infra.embedded_postgres import binaries
from communityshare.infra.errors import ConflictError, InvalidError
from communityshare.infra.runtime import is_embedded
from communityshare.infra.settings import Settings

_DUMP = "database.dump"
_PHOTOS = "photos"


def backup(settings: Settings, target: Path) -> None:
    """Write database and photos to `target`. The database is read in one snapshot, while everything runs.

    Photos are read after it: a row never names a photo that the file lacks.
    """
    _embedded_only(settings)
    half = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / _DUMP
        _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={settings.database_url}")
        half.unlink(missing_ok=True)
        half.touch(mode=0o600)  # names, addresses and password hashes are in it
        with tarfile.open(half, "w:gz") as archive:
            archive.add(dump, _DUMP)
            if (photos := settings.data_dir / _PHOTOS).is_dir():
                archive.add(photos, _PHOTOS)
    half.replace(target)


def restore(settings: Settings, source: Path) -> None:
    """Bring a backup back into an empty database. Raises ConflictError where there is data already."""
    _embedded_only(settings)
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise InvalidError(f"{source} is no backup of this product.")
    _refuse_data(settings)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
        dump = Path(folder) / _DUMP
        _run(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={settings.database_url}",
            str(dump),
        )
        if (photos := Path(folder) / _PHOTOS).is_dir():
            _copy(photos, settings.data_dir / _PHOTOS)


def _embedded_only(settings: Settings) -> None:
    if settings.s3_bucket or not is_embedded(settings):
        raise InvalidError(
            "backup and restore serve the embedded database and the photo folder; "
            "back up a database or bucket of your own with its own tools."
        )


def _refuse_data(settings: Settings) -> None:
    with psycopg.connect(settings.database_url or "") as connection:
        row = connection.execute("SELECT to_regclass('public.users') IS NOT NULL").fetchone()
    if row and row[0]:
        raise ConflictError(
            f"{settings.data_dir} holds a database already; move the folder away and keep it, then restore."
        )


def _copy(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file():
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.read_bytes())


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 a program of the wheel, arguments of ours
        [str(binaries() / program), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise InvalidError(f"{program}: {done.stderr.strip().splitlines()[-1]}")
