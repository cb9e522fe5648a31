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
        fields, files = await _form(request)
        try:
            # What is text in a form is text in JSON: one reader names what is wrong in both.
            yield read_json(msgspec.json.encode(fields), kind), files
        finally:
            for file in files:
                await file.close()
    elif content_type in {"", "application/json"} or _JSON.match(content_type):
        yield read_json(await _json(request), kind), []
    else:
        raise UnsupportedMediaTypeError("Send application/json, or multipart/form-data with photos.")


async def _form(request: Request[Any, Any, Any]) -> tuple[dict[str, Any], list[UploadFile]]:
    try:
        form = await request.form()
    except UnicodeDecodeError as error:
        raise BadRequestError("A field of the form is not UTF-8.") from error
    files: list[UploadFile] = []
    fields: dict[str, Any] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile) and name == "photos":
            files.append(value)
        elif isinstance(value, UploadFile):
            raise InvalidError.field(name, "takes no file; files go into photos")
        elif name in fields:
            raise InvalidError.field(name, "is given twice")
        elif value:
            # A browser sends an input that was left empty as an empty text.
            fields[name] = value
    return fields, files


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
