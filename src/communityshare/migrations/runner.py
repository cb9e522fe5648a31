"""Run the histories forward and back. On an existing CommunityShare database the platform's stays out."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg import errors
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import OperationalError

from communityshare.infra.errors import InvalidError, UnavailableError
from communityshare.infra.runtime import is_embedded
from communityshare.infra.settings import Settings
from communityshare.migrations.state import HISTORIES

# Rolling the feature back parks its tables and keeps flags, audit and the job queue, which the rest needs.
FEATURE_PARKED = "m0001"
_LOCK_PATIENCE = 60.0  # seconds
# What we read of an existing platform's tables.
_READ_OF_PLATFORM = {
    "users": ("id", "email", "name", "phone", "role", "premium", "active"),
    "resources": (
        "id",
        "name",
        "description",
        "owner_id",
        "metadata",
        "created_at",
        "updated_at",
        "deleted_at",
    ),
}


def upgrade(url: str, report: Callable[[str], None] = lambda history: None) -> None:
    """Bring every history to its newest revision; parked tables come back with their rows.

    What a newer release has migrated stays as it is: this one runs on it, so that code goes back alone. Raises
    InvalidError where an existing platform's tables lack a column that we read.
    """
    for history in HISTORIES:
        report(history)
        _with_retry(url, history, _upgrade)


def _upgrade(config: Config) -> None:
    table = {
        "version_table": f"alembic_version_{config.attributes['history']}",
        "version_table_schema": "public",
    }
    context = MigrationContext.configure(config.attributes["connection"], opts=table)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if {*context.get_current_heads()} <= known:
        command.upgrade(config, "head")


def make_ready(settings: Settings) -> None:
    """Migrate the embedded database if it is new, so that every command works on a fresh data folder.

    Raises UnavailableError for a database of somebody's own that is not migrated: that is for them to decide.
    """
    url = settings.database_url or ""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute("SELECT to_regclass('public.alembic_version_maintenance')").fetchone()
    if row and row[0]:
        return
    if not is_embedded(settings):
        raise UnavailableError("The database is not migrated; run `communityshare migrate`.")
    upgrade(url)


def downgrade(url: str, revision: str = FEATURE_PARKED) -> None:
    """Take the maintenance history back to `revision` (or `base`); tables are parked, not dropped.

    Raises InvalidError for a revision that one cannot go back to.
    """
    try:
        _with_retry(url, "maintenance", lambda config: command.downgrade(config, revision))
    except CommandError as error:
        raise InvalidError(f"Nothing was rolled back: {error}.") from error


def heads() -> dict[str, str | None]:
    """Return the newest revision of each history."""
    return {name: ScriptDirectory.from_config(_config(name)).get_current_head() for name in HISTORIES}


def _config(history: str, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / history))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, history=history)
    return config


def _with_retry(url: str, history: str, step: Callable[[Config], None]) -> None:
    deadline = time.monotonic() + _LOCK_PATIENCE
    engine = create_engine(re.sub("^postgres(ql)?://", "postgresql+psycopg://", url), pool_pre_ping=True)
    try:
        while True:
            try:
                with engine.connect() as connection:
                    if history == "platform" and _foreign_platform(connection):
                        _refuse_unlike(connection)
                    else:
                        step(_config(history, connection))
                        connection.commit()
                return
            except OperationalError as error:
                if not isinstance(error.orig, errors.LockNotAvailable) or time.monotonic() > deadline:
                    raise error.orig from None  # type: ignore[misc]
                time.sleep(0.2)
    finally:
        engine.dispose()


def _foreign_platform(connection: Connection) -> bool:
    """Return whether `users` was made by somebody else: then the platform owns it, and we only refer to it."""
    return bool(
        connection.exec_driver_sql(
            "SELECT to_regclass('public.users') IS NOT NULL AND to_regclass('public.alembic_version_platform') IS NULL"
        ).scalar()
    )


def _refuse_unlike(connection: Connection) -> None:
    there = {
        f"{table}.{column}"
        for table, column in connection.exec_driver_sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
    }
    needed = [f"{table}.{column}" for table, columns in _READ_OF_PLATFORM.items() for column in columns]
    if missing := [name for name in needed if name not in there]:
        raise InvalidError(
            f"Nothing was migrated: the platform's tables lack {', '.join(missing)}. Add them, empty if need be."
        )
