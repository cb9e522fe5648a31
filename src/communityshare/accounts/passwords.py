"""Password hashing with argon2 (55 ms a hash): in a thread, never on the event loop."""

import asyncio
from functools import cache
from importlib import resources

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

_hasher = PasswordHash.recommended()
# Verified for unknown accounts, so that the time taken tells nothing: the hash of a random password, which takes what
# any takes (a test compares their parameters). Written down, since making one would be the longest step of a start.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$mXuvqdE3JnmaJNs0YgJm6A$kmBm85TAMQ+uwLhBI8yur/O2tLmN2F91z9Viq9a0wSM"
# A few at a time: each takes 64 MB.
_slots = asyncio.Semaphore(4)


def is_guessable(password: str) -> bool:
    """Return whether a password is among the most common ones, or made of four characters or fewer."""
    return len(set(password)) <= 4 or password.lower() in _common()


@cache
def _common() -> frozenset[str]:
    """Return the common ones of twelve characters and more; common_passwords.LICENSE.txt names their sources."""
    return frozenset(
        resources.files("communityshare.accounts").joinpath("common_passwords.txt").read_text().splitlines()
    )


async def hash_password(password: str) -> str:
    """Return the argon2id hash."""
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(password: str, stored: str | None) -> bool:
    """Return whether the password is the account's; takes the same time when there is no account."""
    async with _slots:
        try:
            matches = await asyncio.to_thread(_hasher.verify, password, stored or _NOBODY)
        except UnknownHashError:  # made by another program, or a user who never had a password
            matches = False
    return matches and stored is not None
