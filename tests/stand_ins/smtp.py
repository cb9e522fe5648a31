"""A real SMTP server (aiosmtpd) on loopback, in the test's own event loop."""

import asyncio
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Mailbox:
    """Takes mail; who signs in needs the `password`. `replies` are given to the next DATA commands, not «250»."""

    def __init__(self, port: int = 0, password: str = "") -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.replies: deque[str] = deque()
        self.refused_addresses: set[str] = set()
        self.arrived = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()
        self._port = port
        self._password = password.encode()
        self.refused_logins = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._session, "127.0.0.1", self._port)
        return self

    def _session(self) -> SMTP:
        return SMTP(
            self, hostname="localhost", loop=asyncio.get_running_loop(), authenticator=self._authenticate,
            auth_require_tls=False,
        )  # fmt: skip

    def _authenticate(self, *login: Any) -> AuthResult:
        known = login[-1].password == self._password
        self.refused_logins += not known
        return AuthResult(success=known, handled=False)

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self.hold.set()
        self._server.close()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server
        return self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """What SMTP_URL takes."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the addresses that shall be unknown."""
        if address in self.refused_addresses:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail, once `hold` is set."""
        self.arrived.set()
        await self.hold.wait()
        if self.replies:
            return self.replies.popleft()
        content = cast("bytes", envelope.content)
        self.mails.append(cast("Any", message_from_bytes(content, policy=policy.default)))
        self.envelopes.append(envelope)
        return "250 OK"
