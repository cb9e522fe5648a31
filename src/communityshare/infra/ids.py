"""Identifiers that sort by time, so that new rows land on the warm end of every index."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562). PostgreSQL makes them only from 18 on, so they are made here."""
    return uuid7()
