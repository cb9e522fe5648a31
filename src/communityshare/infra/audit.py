"""The audit trail: who did or was refused what, when, under which correlation id. Append-only."""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from communityshare.infra import correlation, queries
from communityshare.infra.ids import new_id


async def record(
    connection: AsyncConnection[Any],
    actor_id: UUID | None,
    action: str,
    object_type: str | None = None,
    object_id: UUID | None = None,
    *,
    detail: dict[str, Any] | None = None,
    refused: bool = False,
) -> None:
    """Append one line in the caller's transaction. `detail` carries no secret and no personal text."""
    outcome = "refused" if refused else "done"
    await queries.insert_audit(
        connection,
        (new_id(), actor_id, action, outcome, object_type, object_id, detail, correlation.current() or None),
    )
