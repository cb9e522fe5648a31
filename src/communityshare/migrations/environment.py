"""What every history's env.py runs: one transaction, serialised, with a short patience for locks."""

from alembic import context
from sqlalchemy import Connection

# One number for all histories: two migrating processes take turns, through PgBouncer too.
_ADVISORY_LOCK = 7_301_988


def run_migrations() -> None:
    """Run the revisions Alembic chose on the connection that `runner` handed over."""
    connection: Connection = context.config.attributes["connection"]
    history: str = context.config.attributes["history"]
    context.configure(
        connection=connection,
        version_table=f"alembic_version_{history}",
        version_table_schema="public",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        # A waiting ALTER TABLE stops every reader behind it, so it waits half a second at most; `runner` tries again.
        # PostgreSQL looks for deadlocks after one second: by then it is the migration that has given way, no reader.
        connection.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = '15min'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        context.run_migrations()
