"""Objects that people upload, in an S3 bucket or in a folder, read through signed short-lived addresses."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import quote, urlencode

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from communityshare.infra.errors import ForbiddenError, NotFoundError, UnavailableError
from communityshare.infra.logging import log
from communityshare.infra.settings import Settings, secret_in

LIFETIME = timedelta(minutes=15)
LOCAL_PATH = "/api/maintenance/photos"
_CONNECT, _TOTAL = "3s", "20s"


class Storage:
    """Puts, lists and removes objects, and makes addresses to read them from."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def _in_folder(self) -> bool:
        return self._settings.s3_bucket is None

    @cached_property
    def _store(self) -> LocalStore | S3Store:
        settings = self._settings
        if self._in_folder:
            return LocalStore(settings.data_dir / "photos", mkdir=True)
        return _bucket(settings, settings.s3_endpoint_url)

    @cached_property
    def _signer(self) -> S3Store:
        """Only signs: addresses as browsers reach them, where that is not how this process does."""
        return _bucket(self._settings, self._settings.s3_public_url or self._settings.s3_endpoint_url)

    @cached_property
    def _secret(self) -> bytes:
        return secret_in(self._settings.data_dir, "photo_key").encode()

    async def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store an object. Raises UnavailableError while the storage is away."""
        about = {"Content-Type": content_type, "Content-Disposition": "inline"}
        # A folder keeps no types; the route that serves it tells them from the keys.
        attributes = None if self._in_folder else about
        with _away_as_503():
            await obstore.put_async(self._store, key, data, attributes=attributes)

    async def remove(self, keys: Sequence[str]) -> None:
        """Remove objects as far as possible; what stays is swept later."""
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                log.warning("an object could not be removed", key=key, error=_first_line(error))

    async def list_before(self, instant: datetime) -> AsyncIterator[list[str]]:
        """Yield the keys of objects that were stored before `instant`, in batches."""
        with _away_as_503():
            async for batch in obstore.list(self._store, chunk_size=500):
                yield [entry["path"] for entry in batch if entry["last_modified"] < instant]

    async def addresses(self, keys: Sequence[str], now: datetime) -> dict[str, str]:
        """Return for each key an address that can be read without a token until LIFETIME from now."""
        if not keys:
            return {}
        if self._in_folder:
            expires = int((now + LIFETIME).timestamp())
            return {key: self._local_address(key, expires) for key in keys}
        with _away_as_503():
            signed = await obstore.sign_async(self._signer, "GET", list(keys), LIFETIME)
        return dict(zip(keys, signed, strict=True))

    def _local_address(self, key: str, expires: int) -> str:
        query = urlencode({"expires": expires, "signature": self._signature(key, expires)})
        return f"{LOCAL_PATH}/{quote(key)}?{query}"

    def _signature(self, key: str, expires: int) -> str:
        return hmac.new(self._secret, f"{key}\n{expires}".encode(), hashlib.sha256).hexdigest()

    async def read_signed(self, key: str, expires: int, signature: str, now: datetime) -> bytes:
        """Return an object of the folder by its signed address.

        Raises NotFoundError for an address we never made, ForbiddenError for one that is too old.
        """
        made_here = hmac.compare_digest(self._signature(key, expires).encode(), signature.encode())
        if not made_here or not self._in_folder:
            raise NotFoundError("There is no such photo.")
        if datetime.fromtimestamp(expires, UTC) <= now:
            raise ForbiddenError("This address has expired; load the log again.", code="link_expired")
        try:
            with _away_as_503():
                found = await obstore.get_async(self._store, key)
                return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise NotFoundError("There is no such photo.") from error


@contextmanager
def _away_as_503() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        log.warning("the photo storage is away", error=_first_line(error))
        raise UnavailableError(
            "The photo storage is away for a moment; nothing was stored. Try again, or log without photos.",
            code="storage_unavailable", retry_after=10,
        ) from error  # fmt: skip


def _first_line(error: Exception) -> str:
    # Without the address, which names a photo.
    return re.sub(r"https?://\S+", "…", str(error).splitlines()[0])


def _bucket(settings: Settings, endpoint: str | None) -> S3Store:
    config = {
        "region": settings.s3_region,
        "endpoint": endpoint,
        "access_key_id": settings.s3_access_key_id,
        "secret_access_key": settings.s3_secret_access_key,
    }
    return S3Store(
        settings.s3_bucket,
        config={name: value for name, value in config.items() if value is not None},  # type: ignore[arg-type]
        disable_bulk_delete=True,  # not every S3-speaking server has it
        client_options={"connect_timeout": _CONNECT, "timeout": _TOTAL, "allow_http": True},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
    )
