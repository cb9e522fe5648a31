"""Password hashing with argon2 (55 ms a hash): in a thread, never on the event loop."""

import asyncio
from functools import cache
from importlib import resources

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

_hasher = PasswordHash.recommended()
# Verified for unknown accounts, so that the time taken tells nothing.
_NOBODY = _hasher.hash("nobody has this password")
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
