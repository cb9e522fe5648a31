"""Puts the demo community into the database: once, in one transaction, the same from the same day on."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from psycopg import AsyncConnection
from rich.console import Console

from communityshare.accounts.queries import find_credentials
from communityshare.demo import queries
from communityshare.demo.people import PASSWORD, PEOPLE
from communityshare.infra import flags
from communityshare.infra.clock import utc_now
from communityshare.infra.progress import progress
from communityshare.infra.runtime import in_transaction
from communityshare.infra.settings import Settings


def load_demo(settings: Settings) -> bool:
    """Load the demo community in a transaction of its own, with a progress bar; see `load`."""
    with progress(Console(stderr=True), "Loading the demo community:", len(queries.COLUMNS) + 1) as advance:
        use = partial(load, settings=settings, now=utc_now(), advance=advance)
        return asyncio.run(in_transaction(settings, use))


async def load(
    connection: AsyncConnection[Any], settings: Settings, now: datetime, advance: Callable[[str], None]
) -> bool:
    """Load the demo community as of `now` and enable the feature, in the caller's transaction.

    Returns False, and changes nothing, when it is there already. `advance` is told each step.
    """
    if await find_credentials(connection, PEOPLE[0].email):
        return False
    # Only a first start draws the pictures; the others need not wait for what that takes.
    from communityshare.accounts.passwords import hash_password
    from communityshare.demo import album
    from communityshare.demo.community import Community
    from communityshare.infra.storage import Storage

    community = Community(settings.zone, now, await hash_password(PASSWORD))
    await album.add(community, Storage(settings))
    advance("photos")
    for table in queries.COLUMNS:
        await queries.insert(connection, table, community.rows(table))
        advance(table.removeprefix("maintenance_"))
    await flags.switch(connection, flags.MAINTENANCE, enabled=True)
    return True
