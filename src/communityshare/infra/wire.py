"""Wire shapes' common ground: unknown fields are refused, text carries no control characters, instants have a zone."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from communityshare.infra.errors import InvalidError

# Tab, line feed and carriage return belong to text; other control characters do not.
_CLEAN = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]*$"
_ONE_LINE = "^[^\\x00-\\x1f\\x7f]*\\S[^\\x00-\\x1f\\x7f]*$"

Instant = Annotated[datetime, Meta(tz=True)]
LongText = Annotated[str, Meta(max_length=10_000, pattern=_CLEAN)]
Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=_ONE_LINE)]
ShortLine = Annotated[str, Meta(min_length=1, max_length=50, pattern=_ONE_LINE)]
Email = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s<>\"]+@[^@\s<>\".]+(\.[^@\s<>\".]+)+$")]
Password = Annotated[str, Meta(min_length=12, max_length=200)]


def with_zone(field: str, instant: datetime | None) -> datetime | None:
    """Return an instant of the query string, where Litestar drops `Meta`. Raises InvalidError if it has no zone."""
    if instant is not None and instant.tzinfo is None:
        raise InvalidError.field(field, "needs a UTC offset, as in 2026-03-01T08:00:00Z")
    return instant


class Input(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of request bodies."""
