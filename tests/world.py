"""A small community for tests: users who sign in, things they own, plans for these."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from httpx2 import AsyncClient, Response
from litestar import Litestar
from psycopg import AsyncConnection

from communityshare.accounts import queries as account_queries
from communityshare.accounts.policy import Role
from communityshare.accounts.queries import User
from communityshare.infra.ids import new_id
from communityshare.resources import queries as resource_queries
from communityshare.resources.queries import Resource

SCHEDULES = "/api/maintenance/schedules"
TABLES_TO_KEEP = "('alembic_version_platform','alembic_version_maintenance','alembic_version_notifications')"


async def empty(connection: AsyncConnection) -> None:
    """Empty every table but the histories of the migrations, and switch the feature on."""
    cursor = await connection.execute(
        f"""SELECT string_agg(format('DELETE FROM %I.%I;', schemaname, tablename), '') FROM pg_tables
            WHERE schemaname IN ('public', 'notifications') AND tablename NOT IN {TABLES_TO_KEEP}"""
    )
    row = await cursor.fetchone()
    assert row
    # The append-only tables refuse DELETE; as a replica, triggers rest. TRUNCATE takes 70 ms, this takes 2.
    await connection.execute(
        f"SET session_replication_role = replica; {row[0]} RESET session_replication_role"
    )
    await connection.execute(
        "INSERT INTO feature_flags (name, enabled) VALUES ('maintenance_scheduling_enabled', true)"
    )


@dataclass
class Actor:
    """A user with an access token; requests are made in the user's name."""

    user: User
    http: AsyncClient
    token: str

    @property
    def id(self) -> UUID:
        """The user's id."""
        return self.user.id

    async def request(self, method: str, url: str, **kwargs: Any) -> Response:
        """Send a request with the user's token."""
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        return await self.http.request(method, url, headers=headers, **kwargs)

    async def get(self, url: str, **kwargs: Any) -> Response:
        """GET."""
        return await self.request("GET", url, **kwargs)

    async def post(self, url: str, json: Any = None, **kwargs: Any) -> Response:
        """POST JSON."""
        return await self.request("POST", url, json=json, **kwargs)

    async def patch(self, url: str, json: Any = None, **kwargs: Any) -> Response:
        """PATCH JSON."""
        return await self.request("PATCH", url, json=json, **kwargs)

    async def put(self, url: str, json: Any = None, **kwargs: Any) -> Response:
        """PUT JSON."""
        return await self.request("PUT", url, json=json, **kwargs)

    async def delete(self, url: str, **kwargs: Any) -> Response:
        """DELETE."""
        return await self.request("DELETE", url, **kwargs)


class World:
    """Makes what a test needs and nothing else."""

    def __init__(
        self,
        http: AsyncClient,
        application: Litestar,
        database: AsyncConnection,
        clock: Callable[[], datetime],
    ) -> None:
        self.http = http
        self.application = application
        self.database = database
        self.clock = clock
        self._count = 0

    async def empty(self) -> None:
        """Empty every table; tokens that count are remembered for seconds, so they are forgotten too."""
        await empty(self.database)
        self.application.state.authenticator._known.clear()

    async def actor(self, role: Role = Role.MEMBER, *, premium: bool = False, active: bool = True) -> Actor:
        """Add a user with an open session."""
        self._count += 1
        user = User(
            new_id(),
            f"user{self._count}@example.org",
            f"User {self._count}",
            role,
            premium=premium,
            active=active,
        )
        await account_queries.insert_user(self.database, user, "no-password", self.clock())
        actor = Actor(user, self.http, "")
        await self.sign_in_again(actor)
        return actor

    async def sign_in_again(self, actor: Actor) -> None:
        """Open another session for a user."""
        now, session = self.clock(), new_id()
        await account_queries.open_session(self.database, session, actor.id, now, now + timedelta(days=30))
        actor.token = self.application.state.token_keys.issue(actor.id, session, now)

    async def admin(self) -> Actor:
        """Add an administrator."""
        return await self.actor(Role.ADMIN)

    async def coordinator(self) -> Actor:
        """Add a maintenance coordinator."""
        return await self.actor(Role.COORDINATOR)

    async def member(self) -> Actor:
        """Add a member."""
        return await self.actor(Role.MEMBER)

    async def resource(self, owner: Actor | None = None, name: str = "Cordless drill") -> UUID:
        """Add a shared thing."""
        identity, now = new_id(), self.clock()
        owner_id = owner.id if owner else None
        await resource_queries.insert(
            self.database, Resource(identity, name, "", owner_id, None, {}, now, now)
        )
        return identity

    async def schedule(self, admin: Actor, resource_id: UUID | None = None, **fields: Any) -> dict[str, Any]:
        """Plan maintenance through the API, monthly from tomorrow unless said otherwise."""
        body: dict[str, Any] = {
            "resource_id": str(resource_id or await self.resource()),
            "schedule_type": "inspection",
            "frequency": "monthly",
            "start_date": (self.clock() + timedelta(days=1)).isoformat(),
            **{name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()},
        }
        answer = await admin.post(SCHEDULES, body)
        assert answer.status_code == 201, answer.text
        return answer.json()
