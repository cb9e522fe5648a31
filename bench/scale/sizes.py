"""What tables and their indexes take."""

import psycopg

from bench.rows import Row


def rows(url: str, tables: list[str]) -> list[Row]:
    """Return megabytes of the database, and of tables with and without their indexes."""
    query = """SELECT relname, pg_table_size(oid), pg_indexes_size(oid), pg_database_size(current_database())
               FROM pg_class WHERE oid = ANY(%s::regclass[]) ORDER BY 1"""
    with psycopg.connect(url) as connection:
        found = connection.execute(query, [tables]).fetchall()
    sizes = {"database": found[0][3]}
    for name, table, indexes, _ in found:
        sizes |= {name: table, f"indexes of {name}": indexes}
    return [Row(name=name, value=size / 1e6, unit="MB") for name, size in sizes.items()]
