"""People, and plans of theirs that are due."""

import psycopg


def fill(database: psycopg.Connection, schedules: int, recipients: int) -> None:
    """Leave exactly so many schedules due within a day, spread evenly over the recipients."""
    # As a replica, the triggers that keep logs append-only rest.
    database.execute("SET session_replication_role = replica")
    database.execute(
        "TRUNCATE users, resources, maintenance_schedules, maintenance_runs, maintenance_alerts, maintenance_deliveries"
        " CASCADE"
    )
    database.execute("SET session_replication_role = origin")
    database.execute(
        """INSERT INTO users (id, email, name, role)
           SELECT gen_random_uuid(), n || '@example.org', 'Person ' || n, 'maintenance_coordinator'
           FROM generate_series(1, %s) AS n""",
        (recipients,),
    )
    database.execute(
        "INSERT INTO resources (id, name) SELECT gen_random_uuid(), 'Thing ' || n FROM generate_series(1, %s) AS n",
        (schedules,),
    )
    database.execute(
        """INSERT INTO maintenance_schedules (id, resource_id, schedule_type, frequency, start_date, next_due_date,
               assigned_to, created_at, updated_at)
           SELECT gen_random_uuid(), r.id, 'inspection', 'monthly', now(), now() + interval '10 hours',
                  u.id, now(), now()
           FROM (SELECT id, row_number() OVER () AS n FROM resources) AS r
           JOIN (SELECT id, row_number() OVER () - 1 AS n FROM users) AS u ON u.n = r.n %% %s""",
        (recipients,),
    )
    database.execute("UPDATE feature_flags SET enabled = true")
    database.execute("VACUUM ANALYZE")
