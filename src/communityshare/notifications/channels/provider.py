"""A call to a provider's HTTP API, and what its answer means for the message."""

from collections.abc import Mapping

import msgspec
from yarl import URL

from communityshare.infra.clock import utc_now
from communityshare.infra.http import Answer, HttpClient, NoAnswerError
from communityshare.infra.retry_after import parse_retry_after
from communityshare.notifications.channels.transport import SendError


async def post(client: HttpClient, url: str, success: int, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Post and return the answer of status `success`. Raises SendError for every other outcome.

    429, 408 and 5xx pass, another 4xx is final. A redirect or a page of HTML comes from something that stands
    between us and the provider: the message was not taken, and it may be tomorrow.
    """
    try:
        answer = await client.post(URL(url), body, headers)
    except NoAnswerError as error:
        raise SendError(str(error), passing=True) from error
    if answer.status != success:
        raise _refusal(answer)
    return answer.body


def _refusal(answer: Answer) -> SendError:
    final = 400 <= answer.status < 500 and answer.status not in {408, 429}
    pause = parse_retry_after(answer.headers.get("Retry-After"), utc_now())
    return SendError(f"HTTP {answer.status}: {_reason(answer)}", passing=not final, retry_after=pause)


def _reason(answer: Answer) -> str:
    """Return what SendGrid (`errors[].message`) or Twilio (`message`) say; others might repeat the message to us."""
    try:
        told = msgspec.json.decode(answer.body)
        return "; ".join(entry["message"] for entry in told.get("errors", [told]))
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError):
        return answer.headers.get("Content-Type", "no content type")
