"""The ground of the feature: its flag, the audit trail, idempotency keys and the job queue."""

from alembic import op
from procrastinate.schema import SchemaManager
from procrastinate.testing import InMemoryConnector

from communityshare.migrations.operations import park, run_script, unpark

revision = "m0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("feature_flags", "audit_log", "idempotency_keys")
SQL = """
CREATE TABLE feature_flags (
    name text PRIMARY KEY,
    enabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by uuid
);
INSERT INTO feature_flags (name) VALUES ('maintenance_scheduling_enabled');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE audit_log (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_id uuid,
    action text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    object_type text,
    object_id uuid,
    detail jsonb,
    correlation_id text
);
CREATE INDEX audit_log_of_object ON audit_log (object_id, id) WHERE object_id IS NOT NULL;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE idempotency_keys (
    owner text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint,
    headers jsonb,
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_expired ON idempotency_keys (created_at);
"""


def upgrade() -> None:
    if unpark("public", "maintenance_parked", tables=TABLES):
        return
    run_script(SQL)
    if op.get_bind().exec_driver_sql("SELECT to_regclass('public.procrastinate_jobs')").scalar() is None:
        # The library ships its schema as a file; the connector given here is never connected.
        run_script(SchemaManager(InMemoryConnector()).get_schema())


def downgrade() -> None:
    # The queue stays: its jobs belong to a library, and without our tables no worker takes one.
    park("public", "maintenance_parked", tables=TABLES)
