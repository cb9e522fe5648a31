"""What revisions are made of. Rolling back parks tables with their rows; rolling forward brings them back."""

from alembic import op


def run_script(sql: str) -> None:
    """Run several statements as they stand; SQLAlchemy would read `%` and `:` in them as parameters."""
    op.get_bind().connection.cursor().execute(sql)


def park(schema: str, parked: str, *, tables: tuple[str, ...], types: tuple[str, ...] = ()) -> None:
    """Move `tables` (with indexes, triggers and foreign keys) and `types` out of sight."""
    op.execute(f"CREATE SCHEMA IF NOT EXISTS {parked}")
    _move(schema, parked, tables, types)


def unpark(schema: str, parked: str, *, tables: tuple[str, ...], types: tuple[str, ...] = ()) -> bool:
    """Bring `tables` and `types` back. Returns False when there is nothing parked, so that they must be made."""
    there = op.get_bind().exec_driver_sql(f"SELECT to_regclass('{parked}.{tables[0]}')").scalar()
    if there is None:
        return False
    _move(parked, schema, tables, types)
    return True


def _move(source: str, target: str, tables: tuple[str, ...], types: tuple[str, ...]) -> None:
    for table in tables:
        op.execute(f"ALTER TABLE {source}.{table} SET SCHEMA {target}")
    for name in types:
        op.execute(f"ALTER TYPE {source}.{name} SET SCHEMA {target}")
