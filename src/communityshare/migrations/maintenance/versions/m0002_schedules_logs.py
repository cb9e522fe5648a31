"""Schedules, logs and completions."""

from communityshare.migrations.operations import park, run_script, unpark

revision = "m0002"
down_revision = "m0001"
branch_labels = None
depends_on = None

TABLES = ("maintenance_schedules", "maintenance_logs", "maintenance_completions")
TYPES = ("maintenance_frequency", "maintenance_recurrence_mode", "maintenance_issues", "maintenance_log_kind")
SQL = """
CREATE TYPE maintenance_frequency AS ENUM
    ('once', 'daily', 'weekly', 'biweekly', 'monthly', 'quarterly', 'semiannual', 'annual', 'custom');
CREATE TYPE maintenance_recurrence_mode AS ENUM ('fixed', 'floating');
CREATE TYPE maintenance_issues AS ENUM ('none', 'minor', 'major');
CREATE TYPE maintenance_log_kind AS ENUM ('recorded', 'photos_added', 'amended', 'voided');

CREATE TABLE maintenance_schedules (
    id uuid PRIMARY KEY,
    resource_id uuid NOT NULL REFERENCES resources (id),
    schedule_type varchar(50) NOT NULL,
    frequency maintenance_frequency NOT NULL,
    interval smallint NOT NULL DEFAULT 1 CHECK (interval BETWEEN 1 AND 1000),
    rrule text CHECK ((rrule IS NOT NULL) = (frequency = 'custom')),
    recurrence_mode maintenance_recurrence_mode NOT NULL DEFAULT 'fixed',
    start_date timestamptz NOT NULL,
    end_date timestamptz CHECK (end_date >= start_date),
    next_due_date timestamptz,
    description text NOT NULL DEFAULT '',
    assigned_to uuid REFERENCES users (id),
    last_performed_at timestamptz,
    created_by uuid REFERENCES users (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX idx_maintenance_schedules_resource_id ON maintenance_schedules (resource_id);
CREATE INDEX idx_maintenance_schedules_next_due_date ON maintenance_schedules (next_due_date);
CREATE INDEX idx_maintenance_schedules_assigned_to ON maintenance_schedules (assigned_to) INCLUDE (id);
-- The daily check reads these and nothing else of the table.
CREATE INDEX maintenance_schedules_due ON maintenance_schedules (next_due_date)
    INCLUDE (id, resource_id, assigned_to) WHERE deleted_at IS NULL;
-- Lists: completed plans have no due date and stand last.
CREATE INDEX maintenance_schedules_list_by_due ON maintenance_schedules
    (coalesce(next_due_date, 'infinity'::timestamptz), id) WHERE deleted_at IS NULL;
CREATE INDEX maintenance_schedules_list_by_created ON maintenance_schedules (created_at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX maintenance_schedules_list_of_assignee ON maintenance_schedules
    (assigned_to, coalesce(next_due_date, 'infinity'::timestamptz), id) WHERE deleted_at IS NULL;

CREATE TABLE maintenance_logs (
    id uuid PRIMARY KEY,
    log_id uuid NOT NULL REFERENCES maintenance_logs (id),
    version integer NOT NULL DEFAULT 1,
    kind maintenance_log_kind NOT NULL DEFAULT 'recorded',
    schedule_id uuid REFERENCES maintenance_schedules (id),
    resource_id uuid NOT NULL REFERENCES resources (id),
    performed_by uuid NOT NULL REFERENCES users (id),
    performed_at timestamptz NOT NULL,
    notes text NOT NULL DEFAULT '',
    photos jsonb NOT NULL DEFAULT '[]',
    issues_found maintenance_issues NOT NULL DEFAULT 'none',
    due_date timestamptz,
    recorded_by uuid NOT NULL REFERENCES users (id),
    reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (log_id, version),
    CHECK ((version = 1) = (id = log_id)),
    CHECK ((kind IN ('amended', 'voided')) = (reason IS NOT NULL))
);
COMMENT ON TABLE maintenance_logs IS 'One row a version; a log is the newest version of its log_id.';
CREATE INDEX idx_maintenance_logs_schedule_id ON maintenance_logs (schedule_id);
CREATE INDEX idx_maintenance_logs_resource_id ON maintenance_logs (resource_id);
CREATE INDEX idx_maintenance_logs_performed_at ON maintenance_logs (performed_at);
CREATE INDEX maintenance_logs_list ON maintenance_logs (performed_at DESC, log_id DESC);
-- What tells the newest version from the others stands in the index: a coordinator's page sorts thousands of entries.
CREATE INDEX maintenance_logs_of_schedule ON maintenance_logs (schedule_id, performed_at DESC, log_id DESC)
    INCLUDE (id, version, kind);
CREATE INDEX maintenance_logs_of_resource ON maintenance_logs (resource_id, performed_at DESC, log_id DESC)
    INCLUDE (id, version, kind);
CREATE INDEX maintenance_logs_of_performer ON maintenance_logs (performed_by, performed_at DESC, log_id DESC)
    INCLUDE (id, version, kind);
-- Few logs have a second version: whether there is a newer one is asked of a small index.
CREATE INDEX maintenance_logs_superseding ON maintenance_logs (log_id, version) WHERE version > 1;
CREATE TRIGGER maintenance_logs_append_only BEFORE UPDATE OR DELETE ON maintenance_logs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER maintenance_logs_no_truncate BEFORE TRUNCATE ON maintenance_logs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE maintenance_completions (
    schedule_id uuid NOT NULL REFERENCES maintenance_schedules (id),
    due_date timestamptz NOT NULL,
    log_id uuid NOT NULL UNIQUE REFERENCES maintenance_logs (id),
    performed_at timestamptz NOT NULL,
    PRIMARY KEY (schedule_id, due_date)
);
COMMENT ON TABLE maintenance_completions IS 'Closed occurrences; voiding the closing log removes its row.';
"""


def upgrade() -> None:
    if not unpark("public", "maintenance_parked", tables=TABLES, types=TYPES):
        run_script(SQL)


def downgrade() -> None:
    park("public", "maintenance_parked", tables=TABLES, types=TYPES)
