"""What a client sent, read strictly: every wrong field is named as it stands on the wire, with what to mend."""

import enum
import re
from collections.abc import Collection
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec
from litestar import Request
from litestar.datastructures import State

from communityshare.infra.errors import BadRequestError, FieldError, InvalidError, UnsupportedMediaTypeError

T = TypeVar("T")

_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_OWN_TEXT = re.compile(r"^([a-z_]+): (.+)$", re.DOTALL)
_INSTANT = "write one like 2026-03-01T09:00:00Z"
_SAID = [
    (r"Object missing required field `(.+)`", "is missing"),
    (r"Object contains unknown field `(.+)`", "is not known here"),
    (r"Expected `str` of length >= 1", "must not be empty"),
    (r"Expected `(?:str|array|object)` of length >= (\d+)", r"is too short, give \1 or more"),
    (r"Expected `(?:str|array|object)` of length <= (\d+)", r"is too long, give \1 at most"),
    (r"Expected `str` matching regex.*", "has characters or a form that cannot stand here"),
    (r"Expected `(?:int|float)` >= (\S+)", r"must be \1 or more"),
    (r"Expected `(?:int|float)` <= (\S+)", r"must be \1 or less"),
    (r"Invalid UUID", "is no UUID"),
    (r"Invalid RFC3339 encoded datetime", f"is no instant, {_INSTANT}"),
    (r"Expected `datetime` with a timezone component", f"has no time zone, {_INSTANT}"),
    (r"(?:Integer value|Number) out of range", "is too large a number"),
]
_WORDS = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "null": "null",
    "datetime": "an instant", "uuid": "a UUID", "object": "an object", "array": "a list",
}  # fmt: skip


class StrictRequest(Request[Any, Any, State]):
    """A request whose JSON body is decoded straight into the handler's type: `"5"` is no number here."""

    async def json(self) -> Any:
        """Return the body. Raises UnsupportedMediaTypeError, BadRequestError or InvalidError."""
        field = self.route_handler.parsed_data_field
        if field is None:
            return await super().json()
        if self.content_type[0] not in {"application/json", ""} and not self.content_type[0].endswith(
            "+json"
        ):
            raise UnsupportedMediaTypeError("Send the body as JSON, with Content-Type: application/json.")
        return read_json(await self.body(), field.annotation)


def read_json(body: bytes, kind: Any) -> Any:
    """Return the JSON text as `kind`. Raises BadRequestError or InvalidError."""
    try:
        return _decoder(kind).decode(body)
    except msgspec.ValidationError as error:
        raise refusal(_wrong_fields(_decoded(body), kind, str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        _decoded(body)
        raise


def read_fields(fields: dict[str, Any], kind: type[T]) -> T:
    """Return the fields as `kind`. Raises InvalidError."""
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise refusal(_wrong_fields(fields, kind, str(error))) from error


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except RecursionError as error:
        raise BadRequestError("The body is nested too deeply.") from error
    except msgspec.ValidationError as error:
        raise refusal([_entry("", str(error), None)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequestError(f"The body is not readable JSON: {error}.") from error


def refusal(fields: list[FieldError]) -> InvalidError:
    """Return the error that names every wrong field."""
    return InvalidError("; ".join(f"{item['field']}: {item['message']}" for item in fields), errors=fields)


def check_query(known: set[str], given: Collection[tuple[str, str]]) -> None:
    """Refuse unknown parameters (a misspelt filter would show everything instead of nothing) and NUL in values."""
    wrong = {name: "is not known here" for name, _ in given if name not in known}
    wrong |= {name: "has characters that cannot stand here" for name, value in given if "\x00" in value}
    if wrong:
        raise refusal([FieldError(*item) for item in wrong.items()])


def say(message: str, kind: Any = None) -> str:
    """Return what msgspec says of a value, in words for the person who sent it."""
    if message.startswith("Invalid enum value"):
        value, choices = message.removeprefix("Invalid enum value "), ", ".join(_choices(kind))
        return f"{value} is none of {choices}" if choices else f"{value} is no value that is taken here"
    for pattern, text in _SAID:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return match.expand(text)
    if match := re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", message):
        wanted, got = (
            " or ".join(_WORDS.get(word, word) for word in part.split(" | ")) for part in match.groups()
        )
        return f"must be {wanted}, not {got}"
    return message


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _wrong_fields(raw: Any, kind: Any, first: str) -> list[FieldError]:
    """Return every wrong field; msgspec itself stops at the first."""
    fallback = [_entry("", first, kind)]
    kinds = (one for one in (kind, *get_args(kind)) if isinstance(one, type))
    struct = next((one for one in kinds if issubclass(one, msgspec.Struct)), None)
    if struct is None or not isinstance(raw, dict):
        return fallback
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    wrong = [FieldError(name, "is not known here") for name in raw if name not in fields]
    wrong += [
        FieldError(name, "is missing") for name, field in fields.items() if field.required and name not in raw
    ]
    wrong += [
        entry
        for name, field in fields.items()
        if name in raw and (entry := _wrong_value(name, raw[name], field.type))
    ]
    return wrong or fallback


def _wrong_value(name: str, value: Any, kind: Any) -> FieldError | None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return _entry(name, str(error), kind)
    return None


def _entry(name: str, message: str, kind: Any) -> FieldError:
    place = _PLACE.search(message)
    message = _PLACE.sub("", message)
    if own := _OWN_TEXT.match(message):
        return FieldError(*own.groups())
    inner = place.group(1) if place else ""
    path = f"{name}{'' if inner.startswith('[') or not name or not inner else '.'}{inner}"
    return FieldError(path or "body", say(message, kind))


def _choices(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return [str(member.value) for member in kind]
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    return [choice for inner in get_args(kind) for choice in _choices(inner)]
