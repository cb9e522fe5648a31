"""The HTTP client for calls to other services: timed, capped, no redirects, no proxies, correlated."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import msgspec
from yarl import URL

from communityshare.infra import correlation, tracing

# Answers of a service are short JSON; anything longer is something else.
MAX_ANSWER = 64 * 1024


class Answer(msgspec.Struct, frozen=True):
    """What a service answered. Header names are matched without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether the answer says that it is JSON."""
        return self.headers.get("Content-Type", "").startswith("application/json")


class NoAnswerError(Exception):
    """The service did not answer as HTTP in time: refused, reset, timed out, or without end."""


class HttpClient:
    """Sends requests over one pool of kept connections."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def post(self, url: URL, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `body`, JSON unless the headers say otherwise, and return the answer, whatever its status.

        Raises NoAnswerError.
        """
        correlation_id = correlation.current() or correlation.begin()
        sent = {
            "Content-Type": "application/json",
            **headers,
            correlation.HEADER: correlation_id,
            **tracing.headers(),
        }
        try:
            async with self._session.post(url, data=body, headers=sent, allow_redirects=False) as response:
                return Answer(response.status, response.headers, await _read(response))
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:  # noqa: UP041 aiohttp's own
            raise NoAnswerError(f"{type(error).__name__}: {error}".rstrip(": ")) from error


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER:
            raise NoAnswerError(f"the answer is longer than {MAX_ANSWER} bytes")
    return bytes(body)


@asynccontextmanager
async def open_client(
    *, connect_timeout: float = 3.0, total_timeout: float = 10.0
) -> AsyncIterator[HttpClient]:
    """Yield a client. Timeouts are in seconds; how many requests run at once is the caller's to limit."""
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=total_timeout, sock_connect=connect_timeout),
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    ) as session:
        yield HttpClient(session)
