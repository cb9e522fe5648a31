"""Runs of the daily check, the alerts they planned and the deliveries of these."""

from communityshare.migrations.operations import park, run_script, unpark

revision = "m0003"
down_revision = "m0002"
branch_labels = None
depends_on = None

TABLES = ("maintenance_runs", "maintenance_alerts", "maintenance_deliveries")
TYPES = ("maintenance_alert_stage", "maintenance_channel", "maintenance_delivery_status")
SQL = """
CREATE TYPE maintenance_alert_stage AS ENUM ('due_soon', 'overdue');
CREATE TYPE maintenance_channel AS ENUM ('in_app', 'email', 'sms');
CREATE TYPE maintenance_delivery_status AS ENUM ('pending', 'sent', 'suppressed', 'failed');

CREATE TABLE maintenance_runs (
    id uuid PRIMARY KEY,
    trigger text NOT NULL CHECK (trigger IN ('cron', 'catch_up', 'manual')),
    scheduled_for timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    status text NOT NULL CHECK (status IN ('planned', 'finished', 'disabled')),
    schedules_checked integer NOT NULL DEFAULT 0,
    alerts_created integer NOT NULL DEFAULT 0,
    deliveries_created integer NOT NULL DEFAULT 0
);
-- One run a tick, however many schedulers tick.
CREATE UNIQUE INDEX maintenance_runs_tick ON maintenance_runs (scheduled_for) WHERE trigger <> 'manual';
CREATE INDEX maintenance_runs_unfinished ON maintenance_runs (id) WHERE status = 'planned';

CREATE TABLE maintenance_alerts (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES maintenance_runs (id),
    schedule_id uuid NOT NULL REFERENCES maintenance_schedules (id),
    due_date timestamptz NOT NULL,
    alert_day date NOT NULL,
    recipient_id uuid NOT NULL REFERENCES users (id),
    stage maintenance_alert_stage NOT NULL,
    escalation boolean NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (schedule_id, due_date, alert_day, recipient_id)
);
-- What a mail gathers, the most urgent first.
CREATE INDEX maintenance_alerts_of_run_and_recipient ON maintenance_alerts (run_id, recipient_id, due_date);

CREATE TABLE maintenance_deliveries (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES maintenance_runs (id),
    alert_id uuid UNIQUE REFERENCES maintenance_alerts (id),
    recipient_id uuid NOT NULL REFERENCES users (id),
    channel maintenance_channel NOT NULL,
    status maintenance_delivery_status NOT NULL DEFAULT 'pending',
    -- Attempts whose outcome is known; a claim that a killed worker left behind is none.
    attempts smallint NOT NULL DEFAULT 0,
    -- Goes up with each claim: an acknowledgement counts only for the claim it was made under.
    claim integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    next_attempt_at timestamptz NOT NULL,
    last_error text,
    suppressed_reason text,
    message_id uuid,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    CHECK ((channel = 'in_app') = (alert_id IS NOT NULL)),
    CHECK ((status = 'suppressed') = (suppressed_reason IS NOT NULL))
) WITH (fillfactor = 70);
-- An in-app message tells of one alert; mail and SMS gather a recipient's alerts of a run.
CREATE UNIQUE INDEX maintenance_deliveries_gathered ON maintenance_deliveries (run_id, recipient_id, channel)
    WHERE alert_id IS NULL;
-- What a worker claims next. Leases are no key of it, so that claiming moves no index entry.
CREATE INDEX maintenance_deliveries_waiting ON maintenance_deliveries (channel, next_attempt_at)
    WHERE status = 'pending';
CREATE INDEX maintenance_deliveries_of_run ON maintenance_deliveries (run_id, status);
CREATE INDEX maintenance_deliveries_dead_letters ON maintenance_deliveries (id) WHERE status = 'failed';
"""


def upgrade() -> None:
    if not unpark("public", "maintenance_parked", tables=TABLES, types=TYPES):
        run_script(SQL)


def downgrade() -> None:
    park("public", "maintenance_parked", tables=TABLES, types=TYPES)
