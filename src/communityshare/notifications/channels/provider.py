"""A call to a provider's HTTP API, and what its answer means for the message."""

from typing import Any

import aiohttp
import msgspec

from communityshare.infra.clock import utc_now
from communityshare.infra.retry_after import parse_retry_after
from communityshare.notifications.channels.transport import CONNECT_TIMEOUT, TOTAL_TIMEOUT, SendError

_ANSWER_LIMIT = 64 * 1024  # bytes


def open_session(total_timeout: float = TOTAL_TIMEOUT) -> aiohttp.ClientSession:
    """Return the connections to the providers; close it at the end. The timeout is in seconds."""
    timeout = aiohttp.ClientTimeout(total=total_timeout, sock_connect=CONNECT_TIMEOUT)
    return aiohttp.ClientSession(timeout=timeout)


async def post(session: aiohttp.ClientSession, url: str, success: int, **request: Any) -> bytes:
    """Post and return the answer of status `success`. Raises SendError for every other outcome.

    429, 408 and 5xx pass, another 4xx is final. A redirect or a page of HTML comes from something that stands
    between us and the provider: the message was not taken, and it may be tomorrow.
    """
    try:
        async with session.post(url, allow_redirects=False, **request) as response:
            body = await _read(response)
            if response.status != success:
                raise _refusal(response, body)
            return body
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SendError(f"{type(error).__name__}: {error}", passing=True) from error


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        body += chunk
        if len(body) > _ANSWER_LIMIT:
            raise SendError(
                f"HTTP {response.status}: the answer is longer than {_ANSWER_LIMIT} bytes", passing=True
            )
    return bytes(body)


def _refusal(response: aiohttp.ClientResponse, body: bytes) -> SendError:
    final = 400 <= response.status < 500 and response.status not in {408, 429}
    pause = parse_retry_after(response.headers.get("Retry-After"), utc_now())
    return SendError(f"HTTP {response.status}: {_reason(body)}", passing=not final, retry_after=pause)


def _reason(body: bytes) -> str:
    """Return what SendGrid (`errors[].message`) or Twilio (`message`) say, else the answer's beginning."""
    try:
        told = msgspec.json.decode(body)
        return "; ".join(entry["message"] for entry in told.get("errors", [told]))
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError):
        return body[:200].decode(errors="replace")
