"""What every command stands on: settings with the database's address in them, the embedded server running."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from psycopg import AsyncConnection

from communityshare.infra import correlation, logging
from communityshare.infra.db import make_pool
from communityshare.infra.embedded_postgres import EmbeddedPostgres, url_of
from communityshare.infra.settings import Settings, load

T = TypeVar("T")


@contextmanager
def runtime(service: str = "cli") -> Iterator[Settings]:
    """Yield the settings; without DATABASE_URL the embedded server runs as long as the block."""
    settings = load()
    logging.configure(settings.log_level, service)
    correlation.begin()
    if settings.database_url:
        yield settings
        return
    with EmbeddedPostgres(settings.data_dir).running() as url:
        yield msgspec.structs.replace(settings, database_url=url)


def is_embedded(settings: Settings) -> bool:
    """Return whether the database is the data folder's own."""
    return settings.database_url == url_of(settings.data_dir)


async def in_transaction(settings: Settings, use: Callable[[AsyncConnection[Any]], Awaitable[T]]) -> T:
    """Call `use` with a connection in one transaction, committed at its end."""
    assert settings.database_url
    async with (
        make_pool(settings.database_url, 1, name="cli") as pool,
        pool.connection() as connection,
        connection.transaction(),
    ):
        return await use(connection)
