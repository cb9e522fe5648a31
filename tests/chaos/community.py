"""Many plans that are due, made in one statement."""

from psycopg import AsyncConnection


async def many_due(database: AsyncConnection, schedules: int, recipients: int) -> None:
    """Leave `schedules` plans due within a day, spread evenly over `recipients` people."""
    await database.execute(
        """INSERT INTO users (id, email, name)
           SELECT gen_random_uuid(), n || '@example.org', 'Person ' || n FROM generate_series(1, %s) AS n""",
        (recipients,),
    )
    await database.execute("INSERT INTO resources (id, name) VALUES (gen_random_uuid(), 'Thing')")
    await database.execute(
        """INSERT INTO maintenance_schedules (id, resource_id, schedule_type, frequency, start_date, next_due_date,
               assigned_to, created_at, updated_at)
           SELECT gen_random_uuid(), (SELECT id FROM resources), 'check', 'once', now(), now() + interval '1 hour',
                  u.id, now(), now()
           FROM generate_series(1, %(schedules)s) AS s
           JOIN (SELECT id, row_number() OVER () AS n FROM users) AS u ON u.n = s %% %(recipients)s + 1""",
        {"schedules": schedules, "recipients": recipients},
    )
