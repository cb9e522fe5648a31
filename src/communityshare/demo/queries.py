"""SQL of the demo community: rows in bulk."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import AsyncConnection, sql

COLUMNS = {
    "users": ("id", "email", "name", "phone", "role", "premium", "active", "password_hash", "created_at", "updated_at"),
    "resources": ("id", "name", "description", "owner_id", "metadata", "created_at", "updated_at"),
    "maintenance_schedules": (
        "id", "resource_id", "schedule_type", "frequency", "interval", "rrule", "recurrence_mode", "start_date",
        "end_date", "next_due_date", "description", "assigned_to", "last_performed_at", "created_by", "created_at",
        "updated_at", "version"),
    "maintenance_logs": (
        "id", "log_id", "version", "kind", "schedule_id", "resource_id", "performed_by", "performed_at", "notes",
        "photos", "issues_found", "due_date", "recorded_by", "reason", "created_at", "updated_at"),
    "maintenance_completions": ("schedule_id", "due_date", "log_id", "performed_at"),
}  # fmt: skip


async def insert(connection: AsyncConnection[Any], table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a table; values stand in the order of its COLUMNS."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table]))
    )
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            await copy.write_row(row)
