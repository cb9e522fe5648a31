"""The storage against a folder, a real S3-speaking server that checks signatures, and one that fails half-way."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen
from sysconfig import get_path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from httpx2 import ASGITransport, AsyncClient
from psycopg import AsyncConnection

from communityshare.app import create_app
from communityshare.infra import storage as room
from communityshare.infra.errors import ForbiddenError, NotFoundError, UnavailableError
from communityshare.infra.processes import free_port
from communityshare.infra.settings import Settings
from communityshare.infra.storage import LIFETIME, Storage
from tests.conftest import TestClock, started
from tests.maintenance.logs.pictures import picture
from tests.world import World

LOGS = "/api/maintenance/logs"
ACCESS, SECRET = "photo-writer", "a-secret-of-the-bucket"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(0.2)
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    """The folder that the S3 server shows as the bucket `photos`."""
    folder = tmp_path / "s3" / "photos"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def server(bucket: Path) -> Iterator[tuple[str, Popen[bytes]]]:
    """A real S3-speaking server: its address and its process."""
    port = free_port()
    command = [
        str(Path(get_path("scripts"), "rclone")), "serve", "s3", "--config", "/dev/null",
        "--addr", f"127.0.0.1:{port}", "--auth-key", f"{ACCESS},{SECRET}", str(bucket.parent),
    ]  # fmt: skip
    with Popen(command, stdout=DEVNULL, stderr=DEVNULL) as process:
        while not _accepts(port):
            assert process.poll() is None, "rclone did not start"
            time.sleep(0.02)  # asking without a pause takes the core that the server starts on
        yield f"http://127.0.0.1:{port}", process
        process.kill()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def on_s3(settings: Settings, address: str, secret: str = SECRET) -> Settings:
    return msgspec.structs.replace(
        settings, s3_bucket="photos", s3_endpoint_url=address, s3_access_key_id=ACCESS, s3_secret_access_key=secret
    )  # fmt: skip


@asynccontextmanager
async def world_on(settings: Settings, database: AsyncConnection, clock: TestClock) -> AsyncIterator[World]:
    app = create_app(settings, clock)
    async with (
        started(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http,
    ):
        yield World(http, app, database, clock)


async def send(world: World, *files: bytes) -> Any:
    admin = await world.admin()
    parts = [("photos", ("a.jpg", file, "image/jpeg")) for file in files]
    return await admin.request("POST", LOGS, data={"resource_id": str(await world.resource())}, files=parts)


async def test_a_folder_keeps_lists_and_removes(settings: Settings) -> None:
    storage = Storage(settings)
    await storage.put("a/one.jpg", b"1", "image/jpeg")
    await storage.put("a/two.webp", b"2", "image/webp")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert [sorted(keys) async for keys in storage.list_before(later)] == [["a/one.jpg", "a/two.webp"]]
    assert [keys async for keys in storage.list_before(later - timedelta(hours=2))] == [[]]
    await storage.remove(["a/one.jpg", "a/none.jpg"])
    assert [keys async for keys in storage.list_before(later)] == [["a/two.webp"]]


async def test_a_folders_addresses_are_ours_and_short_lived(settings: Settings) -> None:
    storage = Storage(settings)
    await storage.put("a/one.jpg", b"1", "image/jpeg")
    url = (await storage.addresses(["a/one.jpg"], NOW))["a/one.jpg"]
    expires, signature = (part.split("=")[1] for part in url.partition("?")[2].split("&"))
    just_before = NOW + LIFETIME - timedelta(seconds=1)
    assert await storage.read_signed("a/one.jpg", int(expires), signature, just_before) == b"1"
    # Another process of the same installation knows the secret too.
    assert await Storage(settings).read_signed("a/one.jpg", int(expires), signature, NOW) == b"1"
    with pytest.raises(ForbiddenError):
        await storage.read_signed("a/one.jpg", int(expires), signature, NOW + LIFETIME)
    with pytest.raises(NotFoundError):
        await storage.read_signed("a/two.jpg", int(expires), signature, NOW)
    await storage.remove(["a/one.jpg"])
    with pytest.raises(NotFoundError):
        await storage.read_signed("a/one.jpg", int(expires), signature, NOW)


async def test_photos_of_a_log_lie_in_the_bucket_and_are_read_by_presigned_addresses(
    settings: Settings, database: AsyncConnection, clock: TestClock, server: tuple[str, Popen[bytes]], bucket: Path
) -> None:  # fmt: skip
    address, process = server
    async with world_on(on_s3(settings, address), database, clock) as world, AsyncClient() as browser:
        answer = await send(world, picture())
        assert answer.status_code == 201, answer.text
        (photo,) = answer.json()["photos"]
        assert len(files_in(bucket)) == 2
        url = photo["url"]
        assert url.startswith(f"{address}/photos/")
        assert "X-Amz-Expires=900" in url
        read = await browser.get(url)
        assert (read.status_code, len(read.content)) == (200, photo["size"])
        assert read.headers["content-type"] == "image/jpeg"
        assert (await browser.get(photo["thumbnail_url"])).headers["content-type"] == "image/webp"
        assert (await browser.get(url.partition("?")[0])).status_code in {400, 403}
        forged = url[:-4] + ("0000" if not url.endswith("0000") else "1111")
        assert (await browser.get(forged)).status_code == 403
        assert not (settings.data_dir / "photos").exists()
        process.kill()
        process.wait()
        down = await send(world, picture())
        assert (down.status_code, down.json()["code"]) == (503, "storage_unavailable")
        listed = await (await world.admin()).get(LOGS)
        assert len(listed.json()["items"]) == 1
        admin, thing = await world.admin(), await world.resource()
        assert (await admin.post(LOGS, {"resource_id": str(thing)})).status_code == 201


async def test_a_wrong_secret_is_refused_by_the_server(
    settings: Settings, server: tuple[str, Popen[bytes]], bucket: Path
) -> None:
    storage = Storage(on_s3(settings, server[0], secret="guessed"))
    with pytest.raises(UnavailableError):
        await storage.put("a/one.jpg", b"1", "image/jpeg")
    assert files_in(bucket) == []


def test_what_the_store_says_is_told_without_the_address_of_a_photo() -> None:
    said = OSError("Error performing PUT http://127.0.0.1:9000/photos/a/one.jpg in 1s\nand more")
    assert room._first_line(said) == "Error performing PUT … in 1s"


async def test_a_bucket_is_listed_for_the_sweep(
    settings: Settings, server: tuple[str, Popen[bytes]], bucket: Path
) -> None:
    storage = Storage(on_s3(settings, server[0]))
    await storage.put("a/one.jpg", b"1", "image/jpeg")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert [keys async for keys in storage.list_before(later)] == [["a/one.jpg"]]
    await storage.remove(["a/one.jpg", "a/none.jpg"])
    assert files_in(bucket) == []


@asynccontextmanager
async def failing_after(puts: int) -> AsyncIterator[tuple[str, list[tuple[str, str]]]]:
    """An S3-speaking server that takes so many objects and then has no place left."""
    seen: list[tuple[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        taken = sum(method == "PUT" for method, _ in seen)
        seen.append((request.method, request.path))
        if request.method == "PUT" and taken >= puts:
            return web.Response(status=507)
        return web.Response(status=204 if request.method == "DELETE" else 200, headers={"ETag": '"1"'})

    app = web.Application(client_max_size=20_000_000)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}", seen
    finally:
        await runner.cleanup()


async def test_what_was_stored_before_a_failure_is_taken_back(
    settings: Settings, database: AsyncConnection, clock: TestClock
) -> None:
    async with (
        failing_after(3) as (address, seen),
        world_on(on_s3(settings, address), database, clock) as world,
    ):
        answer = await send(world, picture(), picture())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    put = {path for method, path in seen if method == "PUT"}
    assert put == {path for method, path in seen if method == "DELETE"}
    assert len(put) == 4
    assert await (await database.execute("SELECT count(*) FROM maintenance_logs")).fetchone() == (0,)


async def test_photos_of_a_log_that_came_second_are_taken_back(world: World, settings: Settings) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin)
    fields = {"schedule_id": plan["id"], "due_date": plan["next_due_date"]}
    answers = await asyncio.gather(
        *(
            admin.request("POST", LOGS, data=fields, files=[("photos", ("a.jpg", picture(), "image/jpeg"))])
            for _ in range(3)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len(files_in(settings.data_dir / "photos")) == 2
