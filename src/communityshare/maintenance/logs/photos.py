"""Photos of a log: what is taken, where it is kept, how it is shown. Objects are stored before the row names them."""

import asyncio
import secrets
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from communityshare.infra.errors import FieldError, InvalidError, TooLargeError, UnavailableError
from communityshare.infra.storage import Storage
from communityshare.maintenance.logs import picture
from communityshare.maintenance.logs.schemas import Log, StoredPhoto

MAX_BYTES = 10_000_000
# Each takes up to a gigabyte for a second or two.
_AT_ONCE = 2
_WAITING = 30  # photos; more are asked to come back
_SECONDS = 25.0  # for all photos of a request: an open transaction may idle 30
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Cleaned(msgspec.Struct):
    """What the cleaning program found: sizes in pixels and bytes."""

    width: int
    height: int
    photo: int
    thumbnail: int


def kind_of(head: bytes) -> str | None:
    """Return Pillow's name of the format that the first 12 bytes announce; None for what is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return None


class Darkroom:
    """Cleans pictures, each in a process of its own, a few at a time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def clean(self, upload: bytes, kind: str) -> tuple[Cleaned, bytes, bytes] | str:
        """Return what was found, the photo and its thumbnail, or why the upload is refused."""
        if self._waiting >= _WAITING:
            raise UnavailableError(
                "Many photos are coming in; try again shortly.", code="busy", retry_after=5
            )
        self._waiting += 1
        try:
            async with self._places:
                answer = await _run(upload, kind)
        finally:
            self._waiting -= 1
        head, _, rest = answer.partition(b"\n")
        if not head:
            return "is too much to decode"
        if head.startswith(b'{"refused"'):
            return msgspec.json.decode(head, type=dict[str, str])["refused"]
        found = msgspec.json.decode(head, type=Cleaned)
        return found, rest[: found.photo], rest[found.photo :]


async def _run(upload: bytes, kind: str) -> bytes:
    """Return what the program wrote; nothing when it died at one of its limits."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", picture.__name__, kind,
        stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL, env={"MALLOC_ARENA_MAX": "1"},
    )  # fmt: skip
    try:
        written, _ = await process.communicate(upload)
    except BaseException:
        process.kill()
        await process.wait()
        raise
    return written if process.returncode == 0 else b""


@asynccontextmanager
async def stored(
    files: Sequence[UploadFile], log_id: UUID, darkroom: Darkroom, storage: Storage
) -> AsyncIterator[list[StoredPhoto]]:
    """Yield the photos, cleaned and stored; they are removed again if the block fails.

    Raises InvalidError naming the file, TooLargeError, and UnavailableError when the storage is away.
    """
    keys: list[str] = []
    try:
        async with asyncio.timeout(_SECONDS):
            pictures = await _cleaned(files, darkroom)
            photos = [await keep(one, log_id, storage, keys) for one in pictures]
        yield photos
    except TimeoutError as error:
        await storage.remove(keys)
        raise UnavailableError("The photos took too long; try again with fewer.", retry_after=10) from error
    except BaseException:
        await storage.remove(keys)
        raise


async def _cleaned(files: Sequence[UploadFile], darkroom: Darkroom) -> list[tuple[Cleaned, bytes, bytes]]:
    uploads = [await _read(file, number) for number, file in enumerate(files)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(darkroom.clean(*upload)) for upload in uploads]
    found = [task.result() for task in tasks]
    refusals = [_refusal(number, one) for number, one in enumerate(found) if isinstance(one, str)]
    if refusals:
        raise _invalid(refusals)
    return [one for one in found if not isinstance(one, str)]


async def _read(file: UploadFile, number: int) -> tuple[bytes, str]:
    content = await file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        text = f"is larger than {MAX_BYTES // 10**6} MB"
        raise TooLargeError(f"photos[{number}]: {text}", errors=[_refusal(number, text)])
    kind = kind_of(content[:12])
    if kind is None:
        raise _invalid([_refusal(number, "is no JPEG, PNG, WebP or HEIC picture")])
    return content, kind


def _refusal(number: int, text: str) -> FieldError:
    return FieldError(f"photos[{number}]", text)


def _invalid(refusals: list[FieldError]) -> InvalidError:
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in refusals)
    return InvalidError(detail, code="invalid_photo", errors=refusals)


async def keep(
    cleaned: tuple[Cleaned, bytes, bytes], log_id: UUID, storage: Storage, keys: list[str]
) -> StoredPhoto:
    """Store a cleaned photo and its thumbnail; `keys` takes what was put, also when the storage fails between."""
    found, photo, thumbnail = cleaned
    stem = f"{log_id.hex}/{secrets.token_urlsafe(16)}"
    names = f"{stem}.jpg", f"{stem}.webp"
    for key, data in zip(names, (photo, thumbnail), strict=True):
        keys.append(key)
        await storage.put(key, data, content_type_of(key))
    return StoredPhoto(*names, found.width, found.height, content_type_of(names[0]), len(photo))


def content_type_of(key: str) -> str:
    """Return the type of an object by its key; we make no other kinds."""
    return "image/webp" if key.endswith(".webp") else "image/jpeg"


async def sign(logs: Sequence[Log], storage: Storage, now: datetime) -> None:
    """Replace the object keys of the logs' photos by addresses that a browser can read."""
    photos = [photo for log in logs for photo in log.photos]
    keys = [key for photo in photos for key in (photo.url, photo.thumbnail_url)]
    addresses = await storage.addresses(keys, now)
    for photo in photos:
        photo.url, photo.thumbnail_url = addresses[photo.url], addresses[photo.thumbnail_url]
