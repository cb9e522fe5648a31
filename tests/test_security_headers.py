"""The security headers that go with every answer, and the one answer they must not go with."""

from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from communityshare.infra.observed import ObservedMiddleware


def _answering(status: int, headers: list[tuple[bytes, bytes]]) -> Any:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return ObservedMiddleware(app, "api")


async def _headers(app: Any) -> Any:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://here") as client:
        return (await client.get("/")).headers


@pytest.mark.parametrize(
    "name", ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"]
)
async def test_an_answer_carries_it(name: str) -> None:
    assert name in await _headers(_answering(200, []))


async def test_the_policy_of_a_page_is_kept() -> None:
    page = [(b"content-security-policy", b"default-src 'self'")]
    assert (await _headers(_answering(200, page)))["content-security-policy"] == "default-src 'self'"


async def test_a_revalidation_does_not_replace_the_policy_of_the_page_that_is_kept() -> None:
    assert "content-security-policy" not in await _headers(_answering(304, []))
