"""SMS over Twilio's HTTP API: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource"""

from urllib.parse import urlencode

import aiohttp
import msgspec

from communityshare.infra.http import HttpClient
from communityshare.notifications.channels import provider
from communityshare.notifications.channels.transport import OutgoingSms, SendError


class TwilioTransport:
    """Sends from one number; Twilio answers 201 with the message's `sid` once it is queued."""

    def __init__(self, client: HttpClient, account: str, auth_token: str, sender: str, base_url: str) -> None:
        self._client = client
        self._headers = {
            "Authorization": aiohttp.encode_basic_auth(account, auth_token),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._sender = sender
        self._url = f"{base_url.rstrip('/')}/2010-04-01/Accounts/{account}/Messages.json"

    async def send(self, message: OutgoingSms) -> None:
        """Queue the SMS at Twilio. Raises SendError."""
        form = urlencode({"To": message.to, "From": self._sender, "Body": message.text})
        answer = await provider.post(self._client, self._url, 201, form.encode(), self._headers)
        try:
            msgspec.json.decode(answer, type=_Created)
        except msgspec.DecodeError as error:
            raise SendError("HTTP 201 without a message sid", passing=True) from error


class _Created(msgspec.Struct):
    sid: str
