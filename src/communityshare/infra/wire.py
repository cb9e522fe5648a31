"""Wire shapes' common ground: unknown fields are refused, text carries no control characters, instants have a zone."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta

from communityshare.infra.errors import InvalidError

# Tab, line feed and carriage return belong to text; other control characters do not.
# `$` alone would let a line feed pass at the very end.
_CLEAN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$(?!\n)"
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$(?!\n)"
_EMAIL = r"^[^@\s<>()\[\],;:\\\"\x00-\x1f\x7f-\x9f]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$(?!\n)"
# Years beyond these overflow in one library or another once zones and recurrences are added.
YEARS = range(1900, 3000)

Instant = Annotated[datetime, Meta(tz=True)]
LongText = Annotated[str, Meta(max_length=10_000, pattern=_CLEAN)]
Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=_ONE_LINE)]
ShortLine = Annotated[str, Meta(min_length=1, max_length=50, pattern=_ONE_LINE)]
Email = Annotated[str, Meta(max_length=254, pattern=_EMAIL)]
# E.164, as SMS providers want it.
Phone = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$(?!\n)", examples=["+4930123456"])]
Password = Annotated[str, Meta(min_length=12, max_length=200)]


def with_zone(field: str, instant: datetime | None) -> datetime | None:
    """Return an instant of the query string, where Litestar drops `Meta`. Raises InvalidError if it has no zone."""
    if instant is not None and instant.tzinfo is None:
        raise InvalidError.field(field, "needs a UTC offset, as in 2026-03-01T08:00:00Z")
    return instant


class Input(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of request bodies."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, datetime):
                if value.year not in YEARS:
                    raise ValueError(f"{name}: must lie between the years {YEARS[0]} and {YEARS[-1]}")
                # Whatever the offset it came with: answers are in UTC, also those that repeat what was sent.
                setattr(self, name, value.astimezone(UTC))

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, by name: of a change, what is to change."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not UNSET}
