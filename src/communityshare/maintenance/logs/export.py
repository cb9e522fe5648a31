"""The CSV export: RFC 4180 in UTF-8, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from communityshare.maintenance.logs.schemas import Log

HEADER = (
    "id", "performed_at", "resource", "schedule_type", "performed_by", "issues_found", "notes", "photos",
    "due_date", "schedule_id", "resource_id", "created_at", "updated_at", "version",
)  # fmt: skip
# What a browser, or a program that shows cells as pages, takes for the begin of a tag.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet shows it: what it would take for a formula starts with an apostrophe.

    Source: OWASP, CSV Injection; spaces before the sign do not help.
    """
    return (
        f"'{text}"
        if text.startswith(_FORMULA_STARTS) or text.lstrip(" ").startswith(_FORMULA_STARTS)
        else text
    )


def without_html(text: str) -> str:
    """Return the text with a space in every tag: nothing of it is lost, and nothing of it is HTML any more."""
    return _TAG.sub("< ", text)


async def csv_of(pages: AsyncIterator[list[Log]]) -> AsyncIterator[bytes]:
    """Return the CSV as it is read. The first page is read at once, so that what fails is still told as an error."""
    first = [HEADER, *map(_row, await anext(pages))]

    async def chunks() -> AsyncIterator[bytes]:
        yield _encoded(first)
        async for logs in pages:
            yield _encoded([_row(log) for log in logs])

    return chunks()


def _encoded(rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return safe_cell("" if value is None else without_html(str(value)))


def _row(log: Log) -> tuple[Any, ...]:
    return (
        log.id, log.performed_at, log.resource.name, log.schedule_type, log.performer.name, log.issues_found,
        log.notes, len(log.photos), log.due_date, log.schedule_id, log.resource_id, log.created_at,
        log.updated_at, log.version,
    )  # fmt: skip
