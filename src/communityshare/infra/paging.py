"""Keyset paging: a cursor names the last row seen, so nothing is skipped or repeated while rows come in."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

from communityshare.infra.errors import InvalidError

T = TypeVar("T")

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="items per page")]
Cursor = Annotated[str | None, QueryParameter(description="`next_cursor` of the page before")]

Search = Annotated[str | None, QueryParameter(max_length=200, description="part of a text")]


class Page(msgspec.Struct, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(sort: str, *key: Any) -> str:
    """Return an opaque cursor for the row with sort key `key` in the order `sort`."""
    return base64.urlsafe_b64encode(msgspec.json.encode([sort, *key])).decode().rstrip("=")


def decode_cursor(cursor: str, sort: str, *types: Any) -> tuple[Any, ...]:
    """Return the sort key in `cursor`, converted to `types`. Raises InvalidError for one of another list."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, *key = msgspec.json.decode(raw, type=list[Any])
        if made_for != sort or len(key) != len(types):
            raise ValueError(made_for)
        return tuple(msgspec.convert(value, kind) for value, kind in zip(key, types, strict=True))
    except (ValueError, binascii.Error, RecursionError, msgspec.DecodeError) as error:
        raise InvalidError.field(
            "cursor", "is not a cursor of this list and order; start without one"
        ) from error


def page_of(rows: Sequence[T], limit: int, sort: str, key: Callable[[T], Sequence[Any]]) -> Page[T]:
    """Make a page of up to `limit` items from rows that were fetched with `LIMIT limit + 1`."""
    items = list(rows[:limit])
    more = len(rows) > limit
    return Page(items, encode_cursor(sort, *key(items[-1])) if more else None)
