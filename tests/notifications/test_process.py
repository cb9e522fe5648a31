"""The service as a process of its own: started by its command, stopped, killed."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from psycopg import AsyncConnection

from communityshare.infra import processes
from communityshare.infra.clock import utc_now
from communityshare.notifications.dispatch import WINDOW
from tests.conftest import TestClock
from tests.notifications.conftest import Service, eventually, message
from tests.stand_ins.smtp import Mailbox

TOKEN = {"Authorization": "Bearer process-test-token"}


class Environment:
    """What the process is started with."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.variables = {
            "DATABASE_URL": database_url, "COMMUNITYSHARE_DATA_DIR": str(folder), "LOG_LEVEL": "ERROR",
            "NOTIFICATIONS_TOKEN": "process-test-token", "JWT_SECRET": "test-secret-of-at-least-32-characters",
        }  # fmt: skip

    @contextmanager
    def running(
        self, command: str = "notifications", **more: str
    ) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
        """Start the process, wait until it is ready, stop it at the end."""
        port = processes.free_port()
        child = processes.start(command, {**self.variables, **more, "PORT": str(port)})
        try:
            processes.wait_until_ready(child, f"http://127.0.0.1:{port}")
            yield child, f"http://127.0.0.1:{port}"
        finally:
            processes.stop([child])


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> Environment:
    """The tests' database, a data folder of its own."""
    return Environment(database_url, tmp_path)


@pytest.mark.parametrize("through_the_api", [False, True])
async def test_sigterm_ends_open_streams_and_the_process(
    service: Service, environment: Environment, clock: TestClock, through_the_api: bool
) -> None:
    clock.now = utc_now()  # the processes have the real clock, and the token must count there
    user = await service.world.member()
    with ExitStack() as stack:
        child, address = stack.enter_context(environment.running())
        if through_the_api:
            child, address = stack.enter_context(environment.running("api", NOTIFICATIONS_URL=address))
        headers = {"Authorization": f"Bearer {user.token}"}
        async with (
            AsyncClient() as client,
            client.stream("GET", f"{address}/api/notifications/stream", headers=headers) as stream,
        ):
            lines = stream.aiter_lines()
            assert await anext(lines) == "event: unread"
            child.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert [line async for line in lines][:1] == ['data: {"unread": 0}']
                assert await asyncio.to_thread(child.wait) == 0


async def test_a_killed_process_loses_nothing_and_repeats_at_most_its_window(
    service: Service, database: AsyncConnection, environment: Environment
) -> None:
    user = await service.world.member()
    async with Mailbox() as mailbox:
        with environment.running(SMTP_URL=mailbox.url) as (child, address):
            async with AsyncClient(base_url=address, headers=TOKEN) as client:
                answers = await asyncio.gather(
                    *(client.post("/api/notifications/email", json=message(user)) for _ in range(200))
                )
            ids = {f"<{answer.json()['id']}@communityshare.example>" for answer in answers}

            async def some_arrived() -> bool:
                return len(mailbox.mails) > 50

            await eventually(some_arrived)
            os.killpg(child.pid, signal.SIGKILL)  # the server's worker process too
            await asyncio.to_thread(child.wait)
        # The leases of the killed process run out.
        await database.execute(
            "UPDATE notifications.messages SET next_attempt_at = now() WHERE status = 'accepted'"
        )
        with environment.running(SMTP_URL=mailbox.url):

            async def all_sent() -> bool:
                cursor = await database.execute(
                    "SELECT bool_and(status = 'sent') FROM notifications.messages"
                )
                row = await cursor.fetchone()
                return bool(row and row[0])

            await eventually(all_sent)
        arrived = [mail["Message-ID"] for mail in mailbox.mails]
        assert set(arrived) == ids
        assert len(arrived) - len(ids) <= WINDOW
