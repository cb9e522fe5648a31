"""Bodies that come as JSON or as a form with files. Files go to temporary files as they arrive."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from multipart import MultipartSegment, ParserError, ParserLimitReached, PushMultipartParser

from communityshare.infra.errors import (
    BadRequestError,
    InvalidError,
    TooLargeError,
    UnsupportedMediaTypeError,
)
from communityshare.infra.reading import read_json
from communityshare.maintenance.logs.schemas import Issues

T = TypeVar("T")

MAX_FORM_BYTES = 105_000_000
"""Ten photos of ten megabytes and the fields beside them."""
_MAX_JSON_BYTES = 1_000_000
_PARTS = 30
_CHARSETS = {"utf-8", "us-ascii"}
_NOT_UTF_8 = "A field of the form is not UTF-8."
_JSON = re.compile(r"application/(json|.+\+json)$")


@asynccontextmanager
async def body_of(
    request: Request[Any, Any, Any], kind: type[T]
) -> AsyncIterator[tuple[T, list[UploadFile]]]:
    """Yield the body as `kind`, and the files of its field `photos`, closed at the end.

    Raises BadRequestError, InvalidError, TooLargeError or UnsupportedMediaTypeError.
    """
    content_type = request.content_type[0].lower()
    if content_type == "multipart/form-data":
        form = _Form()
        try:
            await form.read(request)
            fields, files = form.sorted()
            # What is text in a form is text in JSON: one reader names what is wrong in both.
            yield read_json(msgspec.json.encode(fields), kind), files
        finally:
            await form.close()
    elif content_type in {"", "application/json"} or _JSON.match(content_type):
        yield read_json(await _json(request), kind), []
    else:
        raise UnsupportedMediaTypeError("Send application/json, or multipart/form-data with photos.")


class _Form:
    """A form's parts as they arrive: texts, which are short and UTF-8, and files.

    Litestar's own reader decodes a text by whatever codec its part names, and some of them take hours.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[str, bytearray | UploadFile]] = []
        self._text_bytes = 0

    async def read(self, request: Request[Any, Any, Any]) -> None:
        """Take all parts in. Raises BadRequestError or TooLargeError."""
        boundary = request.content_type[1].get("boundary")
        if not boundary:
            raise BadRequestError("The form cannot be read: its Content-Type names no boundary.")
        stream = request.stream()
        try:
            with PushMultipartParser(boundary, max_segment_count=_PARTS) as parser:
                while not parser.closed:
                    for piece in parser.parse(await anext(stream, b"")):
                        await self._take(piece)
        except ParserLimitReached as error:
            raise TooLargeError("The form has more or longer parts than a log needs.") from error
        except ParserError as error:
            raise BadRequestError(f"The form cannot be read: {error}.") from error

    async def _take(self, piece: MultipartSegment | bytes | bytearray | None) -> None:
        """Take what the parser found: the head of a part, some of its content, or (None) its end."""
        if isinstance(piece, MultipartSegment):
            self._parts.append((piece.name or "", _empty(piece)))
        elif piece:
            _, part = self._parts[-1]
            if isinstance(part, UploadFile):
                await part.write(bytes(piece))
            else:
                self._text_bytes += len(piece)
                if self._text_bytes > _MAX_JSON_BYTES:
                    raise TooLargeError("The texts of the form are larger than allowed here.")
                part += piece

    def sorted(self) -> tuple[dict[str, str], list[UploadFile]]:
        """Return the texts by name, and the photos. Raises BadRequestError or InvalidError."""
        fields: dict[str, str] = {}
        files: list[UploadFile] = []
        for name, part in self._parts:
            if isinstance(part, UploadFile) and name == "photos":
                part.file.seek(0)
                files.append(part)
            elif isinstance(part, UploadFile):
                raise InvalidError.field(name, "takes no file; files go into photos")
            elif name in fields:
                raise InvalidError.field(name, "is given twice")
            elif part:
                # A browser sends an input that was left empty as an empty text.
                fields[name] = _utf_8(part)
        return fields, files

    async def close(self) -> None:
        """Remove the temporary files."""
        for _, part in self._parts:
            if isinstance(part, UploadFile):
                await part.close()


def _empty(part: MultipartSegment) -> bytearray | UploadFile:
    if part.filename:
        return UploadFile(part.content_type or "", part.filename)
    if part.charset and part.charset.lower() not in _CHARSETS:
        raise BadRequestError(_NOT_UTF_8)
    return bytearray()


def _utf_8(text: bytearray) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadRequestError(_NOT_UTF_8) from error


async def _json(request: Request[Any, Any, Any]) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_JSON_BYTES:
            raise TooLargeError("The body is larger than allowed here.")
    return bytes(body)


def _text(form: OpenAPIFormat | None = None) -> Schema:
    return Schema(type=OpenAPIType.STRING, format=form)


_FILE = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
_PHOTOS = Schema(
    type=OpenAPIType.ARRAY, items=_FILE, max_items=10,
    description="JPEG, PNG, WebP or HEIC; 10 MB each",
)  # fmt: skip
_FIELDS = {
    "schedule_id": _text(OpenAPIFormat.UUID),
    "resource_id": _text(OpenAPIFormat.UUID),
    "performed_at": _text(OpenAPIFormat.DATE_TIME),
    "notes": Schema(type=OpenAPIType.STRING, max_length=10_000),
    "issues_found": Schema(type=OpenAPIType.STRING, enum=[issue.value for issue in Issues], default="none"),
    "due_date": _text(OpenAPIFormat.DATE_TIME),
}


@dataclass
class LogOperation(Operation):
    """OpenAPI of the route that takes a log as JSON or as a form."""

    def __post_init__(self) -> None:
        """Describe both bodies; Litestar knows one at most."""
        form = {**_FIELDS, "photos": _PHOTOS}
        self.request_body = RequestBody(
            content={"application/json": _object(_FIELDS), "multipart/form-data": _object(form)},
            required=True,
        )


@dataclass
class PhotosOperation(Operation):
    """OpenAPI of the route that takes photos alone."""

    def __post_init__(self) -> None:
        """Describe the form."""
        self.request_body = RequestBody(
            content={"multipart/form-data": _object({"photos": _PHOTOS})}, required=True
        )


def _object(properties: dict[str, Schema]) -> OpenAPIMediaType:
    schema = Schema(type=OpenAPIType.OBJECT, properties=properties, additional_properties=False)  # type: ignore[arg-type]
    return OpenAPIMediaType(schema=schema)
