"""Photos of logs through HTTP: what is taken, cleaned, refused, stored and shown to whom."""

import asyncio
import io
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from litestar import Litestar
from PIL import Image
from psycopg import AsyncConnection

from communityshare.app import openapi_document
from communityshare.infra.settings import Settings
from communityshare.infra.storage import Storage
from communityshare.jobs.queue import open_parts
from communityshare.jobs.upkeep import sweep_photos
from communityshare.maintenance.logs.photos import Darkroom
from communityshare.maintenance.logs.schemas import NewLog
from communityshare.maintenance.logs.sweep import sweep_orphans
from tests.maintenance.logs import pictures
from tests.maintenance.logs.pictures import picture
from tests.world import SCHEDULES, Actor, World

LOGS = "/api/maintenance/logs"


async def send(
    actor: Actor, *files: bytes, url: str = LOGS, name: str = "photo.jpg", **fields: Any
) -> Response:
    return await actor.request(
        "POST", url, data=fields, files=[("photos", (name, file, "image/jpeg")) for file in files]
    )


async def logged(world: World, actor: Actor, *files: bytes) -> dict[str, Any]:
    thing = str(await world.resource())
    answer = await (
        send(actor, *files, resource_id=thing) if files else actor.post(LOGS, {"resource_id": thing})
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def stored(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "photos").rglob("*") if path.is_file()]


async def opened(world: World, url: str) -> Image.Image:
    answer = await world.http.get(url)
    assert answer.status_code == 200, answer.text
    image = Image.open(io.BytesIO(answer.content))
    image.load()
    return image


def is_red(image: Image.Image, x: float, y: float) -> bool:
    red, _, blue = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))  # type: ignore[misc]
    return red > 200 and blue < 60


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_a_photo_of_each_kind_is_kept_and_shown(world: World, kind: str) -> None:
    admin = await world.admin()
    plan = await world.schedule(admin)
    answer = await send(
        admin, picture(kind), schedule_id=plan["id"], notes="Öl, neu", issues_found="minor",
        due_date=plan["next_due_date"], performed_at="",
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["notes"], made["issues_found"], made["due_date"]) == (
        "Öl, neu",
        "minor",
        plan["next_due_date"],
    )
    assert (await admin.get(f"{SCHEDULES}/{plan['id']}")).json()["version"] == 2
    (photo,) = made["photos"]
    assert (photo["width"], photo["height"], photo["content_type"]) == (640, 400, "image/jpeg")
    full, thumbnail = await opened(world, photo["url"]), await opened(world, photo["thumbnail_url"])
    assert (full.format, full.size, thumbnail.format, thumbnail.size) == (
        "JPEG",
        (640, 400),
        "WEBP",
        (480, 300),
    )
    assert is_red(full, 0.2, 0.5)
    assert not is_red(full, 0.8, 0.5)
    answer = await world.http.get(photo["url"])
    assert len(answer.content) == photo["size"]
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["cache-control"].startswith("private")
    assert (await world.http.get(photo["thumbnail_url"])).headers["content-type"] == "image/webp"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_it_is_turned_upright_and_says_nothing_about_who_and_where(
    world: World, settings: Settings, kind: str
) -> None:
    admin = await world.admin()
    upload = picture(kind, exif=pictures.located(orientation=6))
    assert b"Mustermann" in upload
    (photo,) = (await logged(world, admin, upload))["photos"]
    assert (photo["width"], photo["height"]) == (400, 640)
    image = await opened(world, photo["url"])
    assert is_red(image, 0.5, 0.2)
    for path in stored(settings):
        content = path.read_bytes()
        assert b"Mustermann" not in content
        assert b"Exif" not in content
        assert not Image.open(io.BytesIO(content)).getexif()


async def test_heic_is_turned_upright_and_cleaned(world: World, settings: Settings) -> None:
    admin = await world.admin()
    upload = picture("HEIF", exif=pictures.located().tobytes(), xmp=b"<x>Mustermann</x>")
    assert b"Mustermann" in upload
    await logged(world, admin, upload)
    assert all(b"Mustermann" not in path.read_bytes() for path in stored(settings))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "1")])
async def test_unusual_colours_are_converted(world: World, kind: str, mode: str) -> None:
    admin = await world.admin()
    (photo,) = (await logged(world, admin, picture(kind, mode=mode)))["photos"]
    assert (await opened(world, photo["url"])).mode == "RGB"


async def test_what_is_transparent_becomes_white(world: World) -> None:
    admin = await world.admin()
    written = io.BytesIO()
    Image.new("RGBA", (32, 32), (255, 0, 0, 0)).save(written, "PNG")
    (photo,) = (await logged(world, admin, written.getvalue()))["photos"]
    assert (await opened(world, photo["url"])).getpixel((16, 16)) == (255, 255, 255)
    assert (await opened(world, photo["thumbnail_url"])).size == (32, 32)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
async def test_of_an_animation_the_first_picture_is_kept(world: World, kind: str) -> None:
    admin = await world.admin()
    (photo,) = (await logged(world, admin, pictures.animated(kind)))["photos"]
    for url in (photo["url"], photo["thumbnail_url"]):
        image = await opened(world, url)
        assert getattr(image, "n_frames", 1) == 1
        assert is_red(image, 0.5, 0.5)


async def test_a_polyglot_loses_its_second_nature(world: World, settings: Settings) -> None:
    admin = await world.admin()
    upload = pictures.polyglot()
    assert upload.count(pictures.SCRIPT) == 2
    await logged(world, admin, upload)
    assert len(stored(settings)) == 2
    assert all(b"script" not in path.read_bytes() for path in stored(settings))


HOSTILE = {
    "svg": lambda: pictures.SVG,
    "svg behind an XML declaration": lambda: b'<?xml version="1.0"?>' + pictures.SVG,
    "page": lambda: b"<!doctype html>" + pictures.SCRIPT,
    "gif": lambda: picture("GIF"),
    "tiff": lambda: picture("TIFF"),
    "avif": lambda: picture("AVIF"),
    "renamed program": lambda: b"MZ\x90\x00" + bytes(500),
    "empty": lambda: b"",
    "only the first bytes of a JPEG": lambda: b"\xff\xd8\xff",
    "first bytes of a JPEG before a page": lambda: b"\xff\xd8\xff\xe0" + pictures.SCRIPT,
    "TIFF that calls itself JPEG": lambda: b"\xff\xd8\xff" + picture("TIFF"),
    "truncated JPEG": lambda: picture()[:1500],
    "truncated PNG": lambda: picture("PNG")[:200],
    "truncated WebP": lambda: picture("WEBP")[:-100],
    "truncated HEIC": lambda: picture("HEIF")[:-100],
    "HEIC box without content": lambda: b"\x00\x00\x00\x18ftypheic" + bytes(12),
    "pixel bomb": pictures.pixel_bomb,
    "comment bomb": pictures.text_bomb,
    "41 megapixels": lambda: picture(size=(8200, 5001), quality=1),
    "huge dimensions in the header": lambda: pictures.png_header(2**31 - 1, 2**31 - 1),
    "one endless line": lambda: pictures.png_header(39_000_000, 1),
    "no dimension": lambda: pictures.png_header(0, 10),
}


@pytest.mark.parametrize("recipe", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_files_are_refused_and_nothing_is_kept(
    world: World, database: AsyncConnection, settings: Settings, recipe: Any
) -> None:
    admin = await world.admin()
    answer = await send(admin, picture(), recipe(), resource_id=str(await world.resource()))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_photo"), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["photos[1]"]
    assert await (await database.execute("SELECT count(*) FROM maintenance_logs")).fetchone() == (0,)
    assert stored(settings) == []


_NARROWER_MEMORY = "picture._MEMORY = 150_000_000"
_ENDLESS_DECODER = "picture._SECONDS = 1; picture.clean = lambda *_: sum(iter(int, 1))"


@pytest.mark.parametrize("change", [_NARROWER_MEMORY, _ENDLESS_DECODER])
def test_a_decoder_that_would_take_too_much_dies_alone(change: str) -> None:
    code = f"from communityshare.maintenance.logs import picture; {change}; picture.main()"
    upload = picture("PNG", size=(8000, 5000), mode="RGBA")
    done = subprocess.run([sys.executable, "-c", code, "PNG"], input=upload, capture_output=True, check=False)
    assert b'"width"' not in done.stdout
    assert done.returncode == (0 if change == _NARROWER_MEMORY else -signal.SIGKILL)


async def test_a_process_that_dies_refuses_its_picture_only() -> None:
    darkroom = Darkroom()
    died, cleaned = await asyncio.gather(
        darkroom.clean(picture(), "no such format"), darkroom.clean(picture(), "JPEG")
    )
    assert isinstance(died, str)
    assert not isinstance(cleaned, str)


async def test_too_large_too_many_and_of_the_wrong_kind(world: World, settings: Settings) -> None:
    admin = await world.admin()
    thing = str(await world.resource())
    large = await send(admin, picture() + bytes(10_000_000), resource_id=thing)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert large.json()["errors"][0]["field"] == "photos[0]"
    many = await send(admin, *[picture(size=(8, 8))] * 11, resource_id=thing)
    assert (many.status_code, many.json()["code"]) == (422, "too_many_photos")
    flood = await send(admin, *[bytes(10_600_000)] * 10, resource_id=thing)
    assert flood.status_code == 413
    other = await admin.request("POST", LOGS, content=b"a=b", headers={"Content-Type": "text/plain"})
    assert (other.status_code, other.json()["code"]) == (415, "unsupported_media_type")
    assert stored(settings) == []


async def test_ten_photos_are_taken_in_order(world: World) -> None:
    admin = await world.admin()
    made = await logged(world, admin, *[picture(size=(10 + number, 8)) for number in range(10)])
    assert [photo["width"] for photo in made["photos"]] == list(range(10, 20))
    export = (await admin.get(f"{LOGS}/export")).text.splitlines()
    row = dict(zip(export[0].split(","), export[1].split(","), strict=True))
    assert row["photos"] == "10"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"issues_found": "terrible"}, "issues_found"),
        ({"performed_at": "yesterday"}, "performed_at"),
        ({"resource_id": "7"}, "resource_id"),
    ],
)
async def test_fields_of_a_form_are_checked_like_json(
    world: World, fields: dict[str, str], field: str
) -> None:
    admin = await world.admin()
    answer = await send(admin, picture(size=(8, 8)), **{"resource_id": str(await world.resource()), **fields})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text


_FIELD = b'Content-Disposition: form-data; name="notes"'
_AS_FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=", b"--x--"),
        ("multipart/form-data; boundary=ä", b"--x--"),
        ("multipart/form-data; boundary=" + "x" * 3_000, b"--x--"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\n" + _FIELD + b"\r\n\r\n\xff\r\n--x--\r\n"),
        ("application/json", b"{"),
        ("application/json", b'{"notes": "\xff"}'),
        ("application/json", b'{"notes": "\\ud800"}'),
        ("application/json", b"[]"),
    ],
)  # fmt: skip
async def test_a_broken_body_is_the_senders_fault(world: World, content_type: str, body: bytes) -> None:
    admin = await world.admin()
    answer = await admin.request("POST", LOGS, content=body, headers={"Content-Type": content_type.encode()})
    assert answer.status_code in {400, 422}, answer.text


def _part(headers: bytes, content: bytes = b"") -> bytes:
    return b"--x\r\n" + headers + b"\r\n\r\n" + content + b"\r\n"


@pytest.mark.parametrize("charset", ["nonsense", "hex", "utf-7", "utf-16", "idna", "latin-1", "punycode"])
async def test_a_text_of_a_form_is_utf_8_and_nothing_else(world: World, charset: str) -> None:
    """Decoding 400 kB as `punycode` stopped the whole process for a quarter of a minute."""
    member = await world.member()
    head = _FIELD + f"\r\nContent-Type: text/plain; charset={charset}".encode()
    body = _part(head, b"a" * 200_000 + b"-" + b"a" * 200_000) + b"--x--\r\n"
    answer = await member.request("POST", LOGS, content=body, headers=_AS_FORM)
    assert (answer.status_code, answer.json()["detail"]) == (400, "A field of the form is not UTF-8.")


@pytest.mark.parametrize(
    "parts",
    [
        _part(_FIELD, b"x" * 1_000_001),
        b"".join(_part(b'Content-Disposition: form-data; name="f%d"' % number) for number in range(31)),
        _part(_FIELD + b"\r\nX-Long: " + b"x" * 5_000),
    ],
    ids=["long text", "many parts", "long head"],
)
async def test_a_form_is_no_larger_than_a_log_needs(world: World, parts: bytes) -> None:
    member = await world.member()
    answer = await member.request("POST", LOGS, content=parts + b"--x--\r\n", headers=_AS_FORM)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), answer.text


async def test_a_form_may_say_that_its_texts_are_utf_8(world: World) -> None:
    admin, thing = await world.admin(), await world.resource()
    parts = (
        _part(_FIELD + b"\r\nContent-Type: text/plain; charset=UTF-8", "größer".encode())
        + _part(b'Content-Disposition: form-data; name="resource_id"', str(thing).encode())
        + _part(b'Content-Disposition: form-data; name="photos"; filename=""')
    )
    answer = await admin.request("POST", LOGS, content=parts + b"--x--\r\n", headers=_AS_FORM)
    assert (answer.status_code, answer.json()["notes"], answer.json()["photos"]) == (201, "größer", [])


async def test_who_may_not_log_is_told_before_anything_is_decoded(world: World, settings: Settings) -> None:
    admin, owner, stranger = await world.admin(), await world.member(), await world.member()
    plan = await world.schedule(admin, await world.resource(owner))
    codes = [
        (await send(actor, b"not decoded", schedule_id=plan["id"])).status_code for actor in (owner, stranger)
    ]
    assert codes == [403, 404]
    closed = await send(admin, picture(), schedule_id=plan["id"], due_date="2026-07-01T00:00:00Z")
    assert closed.json()["code"] == "occurrence_already_completed"
    assert stored(settings) == []


async def test_a_retry_with_the_same_key_and_another_boundary_is_the_same_request(
    world: World, settings: Settings
) -> None:
    admin, thing = await world.admin(), str(await world.resource())
    headers = {"Idempotency-Key": "phone-7"}
    photo = picture(size=(2000, 1200), quality=100)

    async def attempt(content: bytes, notes: str) -> Response:
        files = [("photos", ("photo.jpg", content, "image/jpeg"))]
        return await admin.request(
            "POST", LOGS, data={"resource_id": thing, "notes": notes}, files=files, headers=headers
        )

    first, again = await attempt(photo, "done"), await attempt(photo, "done")
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert len(stored(settings)) == 2
    other = await attempt(photo, "done twice")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    flood = await admin.request(
        "POST", LOGS, content=b" " * 1_000_001, headers={"Idempotency-Key": "flood", "Content-Type": "application/json"}
    )  # fmt: skip
    assert flood.status_code == 413


async def test_addresses_expire_and_cannot_be_made_up(world: World) -> None:
    admin = await world.admin()
    made = await logged(world, admin, picture())
    url = made["photos"][0]["url"]
    path, _, query = url.partition("?")
    expires, signature = query.split("&")
    later = f"expires={int(expires.split('=')[1]) + 3600}"
    for wrong in (
        path, f"{path}?{expires}", f"{path}?{expires}&signature=00", f"{path}?{later}&{signature}",
        f"{path[:-4]}A.jpg?{query}", f"/api/maintenance/photos/../../secrets/photo_key?{query}",
        f"{path}?{expires}&signature=ü",
    ):  # fmt: skip
        assert (await world.http.get(wrong)).status_code in {404, 422}, wrong
    world.clock.now += timedelta(minutes=14)  # type: ignore[attr-defined]
    assert (await world.http.get(url)).status_code == 200
    world.clock.now += timedelta(minutes=1)  # type: ignore[attr-defined]
    expired = await world.http.get(url)
    assert (expired.status_code, expired.json()["code"]) == (403, "link_expired")
    fresh = (await admin.get(f"{LOGS}/{made['id']}")).json()["photos"][0]["url"]
    assert (await world.http.get(fresh)).status_code == 200
    stranger = await world.member()
    assert (await stranger.get(f"{LOGS}/{made['id']}")).status_code == 404


async def test_photos_are_added_later(world: World) -> None:
    author, admin, other = await world.coordinator(), await world.admin(), await world.coordinator()
    made = await logged(world, author, picture(size=(20, 20)))
    url = f"{LOGS}/{made['id']}/photos"
    world.clock.now += timedelta(hours=23, minutes=59)  # type: ignore[attr-defined]
    added = await send(author, picture(size=(30, 20)), url=url)
    assert added.status_code == 201, added.text
    assert [photo["width"] for photo in added.json()["photos"]] == [20, 30]
    assert (added.json()["version"], added.json()["amended_by"]) == (2, None)
    assert (await send(admin, picture(size=(40, 20)), url=url)).json()["version"] == 3
    history = (await author.get(f"{LOGS}/{made['id']}", params={"history": "true"})).json()["history"]
    assert [len(version["photos"]) for version in history] == [1, 2, 3]
    assert all(photo["url"].startswith("/api/") for version in history for photo in version["photos"])
    assert (await send(other, picture(), url=url)).status_code == 404
    many = await send(author, *[picture(size=(8, 8))] * 8, url=url)
    assert (many.status_code, many.json()["code"]) == (422, "too_many_photos")
    assert (await author.post(url, {})).json()["errors"][0]["field"] == "photos"
    assert (await send(author, picture(), url=url, notes="x")).status_code == 422


async def test_photos_of_somebody_elses_work_are_not_added(world: World) -> None:
    admin, author, assignee = await world.admin(), await world.coordinator(), await world.coordinator()
    plan = await world.schedule(admin, assigned_to=author.id)
    made = (await author.post(LOGS, {"schedule_id": plan["id"]})).json()
    await admin.patch(f"{SCHEDULES}/{plan['id']}", {"assigned_to": str(assignee.id)})
    answer = await send(assignee, picture(), url=f"{LOGS}/{made['id']}/photos")
    assert answer.status_code == 403


async def test_photos_are_closed_by_time_amendment_and_voiding(world: World, settings: Settings) -> None:
    admin = await world.admin()
    made = await logged(world, admin)
    url = f"{LOGS}/{made['id']}"
    world.clock.now += timedelta(hours=24, seconds=1)  # type: ignore[attr-defined]
    admin = await world.admin()
    late = await send(admin, picture(), url=f"{url}/photos")
    assert (late.status_code, late.json()["code"]) == (409, "photos_closed")
    world.clock.now -= timedelta(hours=1)  # type: ignore[attr-defined]
    await admin.patch(url, {"notes": "x", "reason": "y"})
    amended = await send(admin, picture(), url=f"{url}/photos")
    assert (amended.status_code, amended.json()["code"]) == (409, "photos_closed")
    await admin.delete(url, params={"reason": "z"})
    assert (await send(admin, picture(), url=f"{url}/photos")).status_code == 404
    assert stored(settings) == []


async def test_parallel_additions_keep_every_photo(world: World) -> None:
    admin = await world.admin()
    made = await logged(world, admin)
    url = f"{LOGS}/{made['id']}/photos"
    answers = await asyncio.gather(*(send(admin, picture(size=(8, 8)), url=url) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len((await admin.get(f"{LOGS}/{made['id']}")).json()["photos"]) == 4


async def test_storage_down_refuses_photos_and_takes_logs_without(
    world: World, database: AsyncConnection, settings: Settings
) -> None:
    admin, thing = await world.admin(), str(await world.resource())
    made = await logged(world, admin, picture())
    # The volume is gone: where the folder was, there is a file.
    (settings.data_dir / "photos").rename(settings.data_dir / "elsewhere")
    (settings.data_dir / "photos").write_text("")
    assert (await world.http.get(made["photos"][0]["url"])).status_code == 503
    assert len((await admin.get(LOGS)).json()["items"][0]["photos"]) == 1
    refused = await send(admin, picture(), resource_id=thing)
    assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
    assert refused.headers["retry-after"]
    assert await (await database.execute("SELECT count(*) FROM maintenance_logs")).fetchone() == (1,)
    assert (await admin.post(LOGS, {"resource_id": thing})).status_code == 201


async def test_orphans_are_swept_after_a_day(
    world: World, application: Litestar, database: AsyncConnection, settings: Settings
) -> None:
    admin = await world.admin()
    made = await logged(world, admin, picture(), picture())
    await admin.delete(f"{LOGS}/{made['id']}", params={"reason": "voided logs keep their photos"})
    storage: Storage = application.state.storage
    folder = stored(settings)[0].parent
    orphan = f"{folder.name}/orphan.jpg"
    await storage.put(orphan, b"x", "image/jpeg")
    await storage.put("0" * 32 + "/lost.jpg", b"x", "image/jpeg")
    await storage.put("not-ours.txt", b"x", "text/plain")
    assert await sweep_orphans(database, storage, datetime.now(UTC) + timedelta(hours=23)) == 0
    assert await sweep_orphans(database, storage, datetime.now(UTC) + timedelta(hours=25)) == 2
    assert len(stored(settings)) == 5
    assert not (folder / "orphan.jpg").exists()


async def test_the_daily_job_sweeps(world: World, application: Litestar, settings: Settings) -> None:
    storage: Storage = application.state.storage
    await storage.put("0" * 32 + "/lost.jpg", b"x", "image/jpeg")
    async with open_parts(settings, lambda: datetime.now(UTC) + timedelta(hours=25)) as parts:
        await sweep_photos(parts)
    assert stored(settings) == []


def test_both_kinds_of_body_are_documented() -> None:
    paths = json.loads(openapi_document())["paths"]
    create = paths["/api/maintenance/logs"]["post"]["requestBody"]["content"]
    assert set(create) == {"application/json", "multipart/form-data"}
    fields = set(create["application/json"]["schema"]["properties"])
    assert fields == set(NewLog.__struct_fields__)
    assert set(create["multipart/form-data"]["schema"]["properties"]) == fields | {"photos"}
    add = paths["/api/maintenance/logs/{log_id}/photos"]["post"]["requestBody"]["content"]
    assert set(add) == {"multipart/form-data"}
