"""`communityshare backup` and `restore`: the embedded database and the photos, in one file."""

import subprocess
import tarfile
import tempfile
import zlib
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
    if target.is_dir():
        raise InvalidError(f"{target} is a folder; name a file.")
    half = target.with_name(target.name + ".part")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)  # names, addresses and password hashes are in it
    try:
        _write(settings, half)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def _write(settings: Settings, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / _DUMP
        _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={settings.database_url}")
        with tarfile.open(target, "w:gz") as archive:
            archive.add(dump, _DUMP)
            if (photos := settings.data_dir / _PHOTOS).is_dir():
                archive.add(photos, _PHOTOS)


def restore(settings: Settings, source: Path) -> None:
    """Bring a backup back into an empty database. Raises ConflictError where there is data already."""
    _embedded_only(settings)
    _refuse_data(settings)
    with tempfile.TemporaryDirectory() as folder:
        _unpack(source, folder)
        # Photos first: should the disk be too small for them, the same file can be restored again.
        if (photos := Path(folder) / _PHOTOS).is_dir():
            _copy(photos, settings.data_dir / _PHOTOS)
        dump = Path(folder) / _DUMP
        _run(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={settings.database_url}",
            str(dump),
        )


def _unpack(source: Path, folder: str) -> None:
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise InvalidError(f"{source} is no backup of this product.")
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise InvalidError(f"{source} is damaged, or was not written to its end.") from error
    if not (Path(folder) / _DUMP).is_file():
        raise InvalidError(f"{source} is no backup of this product.")


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
