"""Messages and preferences of the Notification Service, in a schema of its own."""

from alembic import op

from communityshare.migrations.operations import park, run_script, unpark

revision = "n0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("messages", "preferences")
SQL = """
-- No foreign key to users: the service's rows are its own, and a hundred messages accepted at once for one
-- recipient would all lock that recipient's row.
CREATE TABLE notifications.messages (
    id uuid PRIMARY KEY,
    idempotency_key text,
    request_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email', 'sms', 'in_app')),
    category text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text,
    url text,
    to_address text,
    status text NOT NULL CHECK (status IN ('accepted', 'suppressed', 'kept', 'sent', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    read_at timestamptz
);
COMMENT ON COLUMN notifications.messages.next_attempt_at IS
    'Not to be claimed before; a claim moves it to the end of its lease.';
COMMENT ON COLUMN notifications.messages.attempts IS
    'Counted at the claim; the acknowledgement must name the number it claimed.';
CREATE UNIQUE INDEX messages_idempotency ON notifications.messages (idempotency_key, channel)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_inbox ON notifications.messages (user_id, id DESC)
    WHERE channel = 'in_app' AND status = 'sent';
CREATE INDEX messages_unread ON notifications.messages (user_id, id DESC)
    WHERE channel = 'in_app' AND status = 'sent' AND read_at IS NULL;
CREATE INDEX messages_due_to_send ON notifications.messages (next_attempt_at) WHERE status = 'accepted';
CREATE INDEX messages_outbox ON notifications.messages (id DESC) WHERE channel <> 'in_app';

CREATE TABLE notifications.preferences (
    user_id uuid PRIMARY KEY,
    channels jsonb NOT NULL,
    quiet_hours jsonb,
    timezone text,
    updated_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS notifications")
    if not unpark("notifications", "notifications_parked", tables=TABLES):
        run_script(SQL)


def downgrade() -> None:
    park("notifications", "notifications_parked", tables=TABLES)
