"""SendGrid and Twilio on loopback: they check a request as the real APIs document it, and fail when told to."""

import asyncio
import base64
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

E164 = re.compile(r"\+[1-9]\d{1,14}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors: headers a caller may not set
RESERVED_HEADERS = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding",
    "to", "from", "subject", "reply-to", "cc", "bcc",
}  # fmt: skip


@dataclass
class Fault:
    """What happens to the next request: an answer instead of processing, or one of the `how`s.

    `reset`: processed, then the connection is cut. `hang`: processed, never answered. `endless`: an answer
    that does not stop.
    """

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    how: str = "answer"


PAGE = Fault(200, {"Content-Type": "text/html"}, "<html><body>Sign in to the guest network</body></html>")
REDIRECT = Fault(302, {"Location": "/elsewhere"})
RESET = Fault(how="reset")
HANG = Fault(how="hang")
ENDLESS = Fault(how="endless")


class Provider:
    """A local HTTP server. `taken` holds what was processed, `seen` counts requests, `faults` come first."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.seen: list[str] = []
        self.correlation_ids: list[str | None] = []
        self.faults: deque[Fault] = deque()
        self.released = asyncio.Event()
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.released.set()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The base address."""
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(f"{request.method} {request.path}")
        self.correlation_ids.append(request.headers.get("X-Correlation-ID"))
        fault = self.faults.popleft() if self.faults else None
        if fault and fault.how == "answer":
            return web.Response(status=fault.status, headers=fault.headers, text=fault.body)
        if fault and fault.how == "endless":
            return await self._endless(request)
        answer = await self.process(request)
        if fault and fault.how == "hang":
            await self.released.wait()
        if fault and request.transport:
            request.transport.abort()
        return answer

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=202)
        await response.prepare(request)
        for _ in range(1000):
            try:
                await response.write(b"x" * 8192)
            except ConnectionError:
                break
        return response

    async def process(self, request: web.Request) -> web.Response:
        """Check and take the request as the real API does."""
        raise NotImplementedError


class SendGrid(Provider):
    """POST /v3/mail/send of https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send."""

    api_key = "SG.test-key"

    async def process(self, request: web.Request) -> web.Response:
        """202 with X-Message-Id, or the documented `errors`."""
        if (request.method, request.path) != ("POST", "/v3/mail/send"):
            return _sendgrid_error(404, "not found", None)
        if request.headers.get("Authorization") != f"Bearer {self.api_key}":
            return _sendgrid_error(
                401, "The provided authorization grant is invalid, expired, or revoked", None
            )
        if request.content_type != "application/json":
            return _sendgrid_error(415, "Content-Type should be application/json.", None)
        body = msgspec.json.decode(await request.read())
        if problem := _sendgrid_problem(body):
            return _sendgrid_error(400, *problem)
        self.taken.append(body)
        return web.Response(status=202, headers={"X-Message-Id": f"sg{len(self.taken)}"})


def _sendgrid_error(status: int, message: str, name: str | None) -> web.Response:
    return web.json_response({"errors": [{"message": message, "field": name, "help": None}]}, status=status)


def _sendgrid_problem(body: dict[str, Any]) -> tuple[str, str] | None:
    people = [person for item in body.get("personalizations", []) for person in item.get("to", [])]
    types = [part["type"] for part in body.get("content", [])]
    checks = [
        (people, "You must have at least one personalization.", "personalizations"),
        (
            all(EMAIL.fullmatch(person["email"]) for person in people),
            "Does not contain a valid address.",
            "to",
        ),
        (
            EMAIL.fullmatch(body.get("from", {}).get("email", "")),
            "Does not contain a valid address.",
            "from.email",
        ),
        (body.get("subject"), "The subject is required.", "subject"),
        (not re.search(r"[\r\n]", body.get("subject", "")), "The subject has a line break.", "subject"),
        (types and types[0] == "text/plain", "If present, text/plain must be first.", "content"),
        (
            all(part["value"] for part in body.get("content", [])),
            "The content value must be a string.",
            "content",
        ),
        (
            not RESERVED_HEADERS & {name.lower() for name in body.get("headers", {})},
            "Reserved header.",
            "headers",
        ),
        (
            all(isinstance(v, str) for v in body.get("custom_args", {}).values()),
            "Expected: string",
            "custom_args",
        ),
    ]
    return next(((message, name) for good, message, name in checks if not good), None)


class Twilio(Provider):
    """POST Messages.json of https://www.twilio.com/docs/messaging/api/message-resource."""

    account = "AC00000000000000000000000000000001"
    auth_token = "twilio-token"
    number = "+15005550006"

    async def process(self, request: web.Request) -> web.Response:
        """201 with the message, or a documented error with `code` and `more_info`."""
        form = {name: values[0] for name, values in parse_qs((await request.read()).decode()).items()}
        if problem := self._problem(request, form):
            return _twilio_error(*problem)
        self.taken.append(form)
        sid = f"SM{len(self.taken):032d}"
        return web.json_response({"sid": sid, "status": "queued", "error_code": None, **form}, status=201)

    def _problem(  # noqa: PLR0911 one line for each documented error
        self, request: web.Request, form: dict[str, str]
    ) -> tuple[int, int, str] | None:
        if (request.method, request.path) != ("POST", f"/2010-04-01/Accounts/{self.account}/Messages.json"):
            return 404, 20404, "The requested resource was not found"
        expected = base64.b64encode(f"{self.account}:{self.auth_token}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return 401, 20003, "Authenticate"
        if request.content_type != "application/x-www-form-urlencoded" or not form.get("Body"):
            return 400, 21602, "Message body is required."
        if len(form["Body"]) > 1600:
            return 400, 21617, "The concatenated message body exceeds the 1600 character limit"
        if form.get("From") != self.number:
            return 400, 21606, f"The From phone number {form.get('From')} is not valid"
        if not E164.fullmatch(form.get("To", "")):
            return 400, 21211, f"Invalid 'To' Phone Number: {form.get('To')}"
        return None


def _twilio_error(status: int, code: int, message: str) -> web.Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return web.json_response(
        {"code": code, "message": message, "more_info": more, "status": status}, status=status
    )
