"""What a wrong password costs says nothing of whether there is an account."""

from communityshare.accounts import passwords


async def test_an_unknown_account_costs_what_a_known_one_costs() -> None:
    known = await passwords.hash_password("a long password")
    # $argon2id$version$parameters$salt$hash: the first four decide what verifying takes.
    assert passwords._NOBODY.split("$")[:4] == known.split("$")[:4]
    assert [len(part) for part in passwords._NOBODY.split("$")] == [len(part) for part in known.split("$")]


async def test_nobody_gets_in_without_an_account() -> None:
    known = await passwords.hash_password("a long password")
    assert await passwords.password_matches("a long password", known)
    assert not await passwords.password_matches("another password", known)
    assert not await passwords.password_matches("a long password", None)
