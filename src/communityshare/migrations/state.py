"""Whether there is something to migrate, told without Alembic: importing it takes longer than asking."""

from pathlib import Path

import psycopg
from psycopg.errors import UndefinedTable

HISTORIES = ("platform", "maintenance", "notifications")


def is_current(url: str) -> bool:
    """Return whether every history stands at the newest revision of this release.

    False, too, where the platform's tables are somebody else's: then the runner decides.
    """
    versions = " UNION ALL ".join(f"SELECT version_num FROM alembic_version_{name}" for name in HISTORIES)  # noqa: S608
    with psycopg.connect(url, connect_timeout=5) as connection:
        try:
            found = connection.execute(versions).fetchall()
        except UndefinedTable:
            return False
    return {revision for (revision,) in found} == {newest(name) for name in HISTORIES}


def newest(history: str) -> str:
    """Return a history's newest revision: its files are named after them, in order."""
    files = (Path(__file__).parent / history / "versions").glob("*.py")
    return max(file.name for file in files).partition("_")[0]
