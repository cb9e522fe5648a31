"""Mail over SMTP. A repeated attempt carries the same Message-ID, so that mailboxes show the mail once."""

import asyncio
from email import policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from communityshare.infra import correlation
from communityshare.notifications.channels.transport import TOTAL_TIMEOUT, OutgoingMail, SendError

_STEP_TIMEOUT = 10.0  # seconds for connecting and for each command
_POLICY = policy.SMTP.clone(cte_type="7bit")  # not every server on the way takes eight bits
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SmtpTransport:
    """Sends over the server of `url`: smtp://user:password@host:587 (STARTTLS) or smtps://…:465."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._sender = sender
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, message: OutgoingMail) -> None:
        """Hand the mail to the server. Raises SendError."""
        try:
            async with asyncio.timeout(TOTAL_TIMEOUT):
                await self._send(compose(message, self._sender))
        except (HeaderParseError, ValueError) as error:
            raise SendError(f"the address cannot be written: {error}", passing=False) from error
        except aiosmtplib.SMTPException as error:
            raise SendError(f"{type(error).__name__}: {error}", passing=_passing(error)) from error
        except (TimeoutError, OSError) as error:
            raise SendError(f"{type(error).__name__}: {error}", passing=True) from error

    async def _send(self, mail: EmailMessage) -> None:
        secret_leaves = self._user is not None and self._host not in _LOOPBACK
        await aiosmtplib.send(
            mail,
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            # A password is sent over TLS or not at all; without one, TLS is used where it is offered.
            start_tls=False if self._tls else secret_leaves or None,
            timeout=_STEP_TIMEOUT,
        )


def compose(message: OutgoingMail, sender: str) -> EmailMessage:
    """Return the mail as RFC 5322 has it. Raises ValueError for an address that cannot be written."""
    name, address = parseaddr(sender)
    origin = Address(name, addr_spec=address)
    mail = EmailMessage(_POLICY)
    mail["From"] = origin
    mail["To"] = Address(message.name, addr_spec=message.to)
    mail["Subject"] = message.mail.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{origin.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail[correlation.HEADER] = correlation.current() or correlation.begin()
    mail["List-Unsubscribe"] = f"<{message.mail.preferences_url}>"
    mail.set_content(message.mail.text)
    mail.add_alternative(message.mail.html, subtype="html")
    return mail


def _passing(error: aiosmtplib.SMTPException) -> bool:
    """Return whether to try again: 4yz replies pass, 5yz are final (RFC 5321, 4.2.1)."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code < 500 for refused in error.recipients)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return True  # our account is at fault, not the message
    return not isinstance(error, aiosmtplib.SMTPResponseException) or error.code < 500
