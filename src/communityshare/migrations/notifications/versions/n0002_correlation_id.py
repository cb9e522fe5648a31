"""A message remembers the correlation id it came under, so that its sending is told under the same."""

from communityshare.migrations.operations import run_script

revision = "n0002"
down_revision = "n0001"
branch_labels = None
depends_on = None

SQL = "ALTER TABLE notifications.messages ADD COLUMN IF NOT EXISTS correlation_id text;"


def upgrade() -> None:
    run_script(SQL)


def downgrade() -> None:
    """Nothing: the release before does not mind the column, and what stands in it is kept."""
