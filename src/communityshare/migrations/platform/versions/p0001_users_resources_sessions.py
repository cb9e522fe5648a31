"""Users, resources and sessions: what an existing CommunityShare already has."""

from communityshare.migrations.operations import park, run_script, unpark

revision = "p0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("users", "resources", "sessions", "refresh_tokens")
TYPES = ("user_role",)
SQL = """
CREATE TYPE user_role AS ENUM ('admin', 'maintenance_coordinator', 'member');

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    phone text,
    role user_role NOT NULL DEFAULT 'member',
    premium boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT true,
    password_hash text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE INDEX users_by_name ON users (lower(name), id);
CREATE INDEX users_active_admins ON users (id) WHERE role = 'admin' AND active;

CREATE TABLE resources (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    owner_id uuid REFERENCES users (id),
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE INDEX resources_by_name ON resources (lower(name), id) WHERE deleted_at IS NULL;
CREATE INDEX resources_of_owner ON resources (owner_id);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
"""


def upgrade() -> None:
    if not unpark("public", "platform_parked", tables=TABLES, types=TYPES):
        run_script(SQL)


def downgrade() -> None:
    park("public", "platform_parked", tables=TABLES, types=TYPES)
