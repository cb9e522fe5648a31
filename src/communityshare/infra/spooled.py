"""A request's body that is read twice: once to know it again, once by the route. Large ones go to a temporary file."""

import hashlib
import re
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from litestar.types import HTTPScope, Receive

from communityshare.infra.errors import BadRequestError, TooLargeError

_CHUNK = 64 * 1024
_BOUNDARY = re.compile(r"""multipart/form-data\s*;.*?boundary=(?:"([^"]+)"|([^;\s]+))""", re.IGNORECASE)


class SpooledBody:
    """The body of one request; a context manager that removes the temporary file."""

    def __init__(self, boundary: bytes | None) -> None:
        self._file = SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 closed by __exit__
        self._boundary = boundary

    def __enter__(self) -> "SpooledBody":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @classmethod
    async def read(cls, scope: HTTPScope, receive: Receive, limit: int | None) -> "SpooledBody":
        """Read the whole body, of `limit` bytes at most. Raises TooLargeError, or BadRequestError if it breaks off."""
        body = cls(_boundary(scope))
        try:
            await body._fill(receive, limit)
        except BaseException:
            body._file.close()
            raise
        return body

    async def _fill(self, receive: Receive, limit: int | None) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise BadRequestError("The connection ended before the body did.")
            self._file.write(message.get("body", b""))
            if limit is not None and self._file.tell() > limit:
                raise TooLargeError("The body is larger than allowed here.")
            more = message.get("more_body", False)

    def digest(self, prefix: bytes) -> bytes:
        """Return a hash of the body. A form's boundary does not count: a browser makes a new one for each attempt."""
        digest = hashlib.sha256(prefix)
        for chunk in _without(self._chunks(), self._boundary) if self._boundary else self._chunks():
            digest.update(chunk)
        return digest.digest()

    def replaying(self, receive: Receive) -> Receive:
        """Return a `receive` that gives the body again, then what comes after it."""
        self._file.seek(0)
        over = False

        async def replay() -> Any:
            nonlocal over
            if over:
                return await receive()
            chunk = self._file.read(_CHUNK)
            over = len(chunk) < _CHUNK
            return {"type": "http.request", "body": chunk, "more_body": not over}

        return replay

    def _chunks(self) -> Iterator[bytes]:
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            yield chunk


def _without(chunks: Iterator[bytes], boundary: bytes) -> Iterator[bytes]:
    kept = b""
    for chunk in chunks:
        kept = (kept + chunk).replace(boundary, b"")
        cut = max(0, len(kept) - len(boundary) + 1)
        yield kept[:cut]
        kept = kept[cut:]
    yield kept


def _boundary(scope: HTTPScope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"content-type":
            found = _BOUNDARY.match(value.decode("latin-1"))
            return (found[1] or found[2]).encode("latin-1") if found else None
    return None
