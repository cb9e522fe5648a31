"""Mail over SendGrid's HTTP API: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send"""

from email.utils import parseaddr
from typing import Any

import msgspec

from communityshare.infra.http import HttpClient
from communityshare.notifications.channels import provider
from communityshare.notifications.channels.transport import OutgoingMail


class SendGridTransport:
    """Sends with an API key; SendGrid answers 202 once the mail is queued at its side."""

    def __init__(self, client: HttpClient, api_key: str, sender: str, base_url: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._name, self._address = parseaddr(sender)
        self._url = base_url.rstrip("/") + "/v3/mail/send"

    async def send(self, message: OutgoingMail) -> None:
        """Queue the mail at SendGrid. Raises SendError."""
        body = msgspec.json.encode(self._request(message))
        await provider.post(self._client, self._url, 202, body, self._headers)

    def _request(self, message: OutgoingMail) -> dict[str, Any]:
        domain = self._address.rpartition("@")[2]
        return {
            "personalizations": [{"to": [{"email": message.to, "name": message.name}]}],
            "from": {"email": self._address, "name": self._name},
            "subject": message.mail.subject,
            "content": [
                {"type": "text/plain", "value": message.mail.text},
                {"type": "text/html", "value": message.mail.html},
            ],
            "headers": {
                "Message-ID": f"<{message.id}@{domain}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{message.mail.preferences_url}>",
            },
            "custom_args": {"communityshare_message_id": str(message.id)},
        }
