"""Sending, on good days and bad ones: over real SMTP and HTTP on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import msgspec
import pytest
from psycopg import AsyncConnection

from communityshare.infra.processes import free_port
from communityshare.notifications.dispatch import LEASE
from communityshare.notifications.retries import MAX_ATTEMPTS
from tests.conftest import TestClock
from tests.notifications.conftest import Serve, Service, eventually
from tests.stand_ins.providers import ENDLESS, PAGE, REDIRECT, RESET, Fault, SendGrid, Twilio
from tests.stand_ins.smtp import Mailbox
from tests.world import Actor


@asynccontextmanager
async def with_sendgrid(serve: Serve) -> AsyncIterator[tuple[Service, SendGrid]]:
    async with (
        SendGrid() as sendgrid,
        serve(sendgrid_api_key=sendgrid.api_key, sendgrid_base_url=sendgrid.url) as service,
    ):
        yield service, sendgrid


@asynccontextmanager
async def with_twilio(serve: Serve) -> AsyncIterator[tuple[Service, Twilio, Actor]]:
    async with (
        Twilio() as twilio,
        serve(
            twilio_account_sid=twilio.account, twilio_auth_token=twilio.auth_token,
            twilio_from=twilio.number, twilio_base_url=twilio.url,
        ) as service,
    ):  # fmt: skip
        user = await service.world.actor(premium=True)
        await service.phone(user, "+4915112345678")
        await service.choose(user, channels={"maintenance": {"sms": True}})
        yield service, twilio, user


async def test_mail_over_smtp(serve: Serve, clock: TestClock) -> None:
    async with Mailbox() as mailbox, serve(smtp_url=mailbox.url) as service:
        user = await service.world.member()
        sent = await service.send("email", user, subject="Overdue:\r\nBcc: everybody@example.org")
        row = await service.until(sent, status="sent")
        assert (row["attempts"], row["sent_at"], row["last_error"]) == (1, clock.now, None)
        (mail,) = mailbox.mails
        assert mail["Subject"] == "Overdue: Bcc: everybody@example.org"
        assert mail["Bcc"] is None
        assert mail["To"] == f"User 1 <{user.user.email}>"
        assert mail["From"] == "CommunityShare <maintenance@communityshare.example>"
        assert mail["Message-ID"] == f"<{sent}@communityshare.example>"
        assert mail["List-Unsubscribe"] == "<https://share.example.org/notifications/preferences>"
        assert mailbox.envelopes[0].rcpt_tos == [user.user.email]
        assert part(mail, "plain").count("https://share.example.org/schedules/42") == 1
        assert part(mail, "html").count("https://share.example.org/schedules/42") == 1


async def test_a_mail_server_that_is_down_and_comes_back_gets_each_mail_once(
    serve: Serve, clock: TestClock
) -> None:
    port = free_port()
    async with serve(smtp_url=f"smtp://127.0.0.1:{port}") as service:
        user = await service.world.member()
        ids = [await service.send("email", user) for _ in range(30)]
        for sent in ids:
            await eventually_failed_once(service, sent)
        async with Mailbox(port) as mailbox:
            clock.now += timedelta(minutes=2)
            for sent in ids:
                assert (await service.until(sent, status="sent"))["attempts"] == 2
            assert len(mailbox.mails) == 30
            assert {mail["Message-ID"] for mail in mailbox.mails} == {
                f"<{i}@communityshare.example>" for i in ids
            }


async def test_smtp_replies_pass_or_are_final(serve: Serve, clock: TestClock) -> None:
    async with Mailbox() as mailbox, serve(smtp_url=mailbox.url) as service:
        user = await service.world.member()
        mailbox.replies.append("451 4.7.1 greylisted")
        passing = await service.send("email", user)
        row = await service.until(passing, last_error="SMTPDataError: (451, '4.7.1 greylisted')")
        assert clock.now < row["next_attempt_at"] <= clock.now + timedelta(seconds=30)
        mailbox.replies.append("554 5.7.1 refused")
        assert (
            "554" in (await service.until(await service.send("email", user), status="failed"))["last_error"]
        )
        mailbox.refused_addresses.add(user.user.email)
        unknown = await service.until(await service.send("email", user), status="failed")
        assert "no such mailbox" in unknown["last_error"]


async def test_mail_over_sendgrid(serve: Serve) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        user = await service.world.member()
        sent = await service.send("email", user)
        await service.until(sent, status="sent")
        (mail,) = sendgrid.taken
        assert mail["personalizations"] == [{"to": [{"email": user.user.email, "name": "User 1"}]}]
        assert mail["from"] == {"email": "maintenance@communityshare.example", "name": "CommunityShare"}
        assert [content["type"] for content in mail["content"]] == ["text/plain", "text/html"]
        assert mail["custom_args"] == {"communityshare_message_id": str(sent)}


@pytest.mark.parametrize("fault", [Fault(500), Fault(503), Fault(408), PAGE, REDIRECT, ENDLESS], ids=str)
async def test_what_passes_is_tried_again(serve: Serve, clock: TestClock, fault: Fault) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        sendgrid.faults.append(fault)
        sent = await service.send("email", await service.world.member())
        row = await eventually_failed_once(service, sent)
        assert clock.now < row["next_attempt_at"] <= clock.now + timedelta(seconds=30)
        assert sendgrid.taken == []
        clock.now += timedelta(seconds=31)
        assert (await service.until(sent, status="sent"))["attempts"] == 2
        assert len(sendgrid.taken) == 1
        assert set(sendgrid.seen) == {"POST /v3/mail/send"}  # no redirect was followed


@pytest.mark.parametrize("in_words", [False, True])
async def test_retry_after_is_waited_for(serve: Serve, clock: TestClock, in_words: bool) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        user = await service.world.member()
        moment = datetime.now(UTC) + timedelta(seconds=240)
        value = moment.strftime("%a, %d %b %Y %H:%M:%S GMT") if in_words else "240"
        sendgrid.faults.append(
            Fault(429, {"Retry-After": value}, '{"errors":[{"message":"too many requests"}]}')
        )
        row = await eventually_failed_once(service, await service.send("email", user))
        assert row["last_error"] == "HTTP 429: too many requests"
        waits = row["next_attempt_at"] - clock.now
        # A date comes nearer while a busy machine sends; without it the next attempt were in 30 s at most.
        assert timedelta(seconds=180 if in_words else 239) < waits <= timedelta(seconds=270)


async def test_another_4xx_is_final(serve: Serve) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        sendgrid.api_key = "SG.revoked"
        sent = await service.send("email", await service.world.member())
        row = await service.until(sent, status="failed")
        assert "authorization grant is invalid" in row["last_error"]
        assert (row["attempts"], row["sent_at"]) == (1, None)


async def test_a_connection_cut_after_processing_is_tried_again_under_the_same_id(
    serve: Serve, clock: TestClock
) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        sendgrid.faults.append(RESET)
        sent = await service.send("email", await service.world.member())
        await eventually_failed_once(service, sent)
        clock.now += timedelta(minutes=1)
        await service.until(sent, status="sent")
        assert [mail["headers"]["Message-ID"] for mail in sendgrid.taken] == [
            f"<{sent}@communityshare.example>"
        ] * 2


async def test_a_refusal_that_a_column_would_not_take_is_recorded(serve: Serve) -> None:
    """Else the outcome would be lost, and the message sent again and again."""
    reason = {"errors": [{"message": "nul\0 here", "field": None, "help": None}]}
    async with with_sendgrid(serve) as (service, sendgrid):
        sendgrid.faults.append(Fault(400, body=msgspec.json.encode(reason).decode()))
        sent = await service.send("email", await service.world.member())
        refused = await service.until(sent, status="failed")
        assert refused["last_error"] == "HTTP 400: nul here"


async def test_started_before_the_database_is_migrated_it_sends_once_that_is_done(
    serve: Serve, database: AsyncConnection
) -> None:
    await database.execute("ALTER TABLE notifications.messages RENAME TO not_yet")
    try:
        async with Mailbox() as mailbox, serve(smtp_url=mailbox.url) as service:

            async def looked_twice() -> bool:
                service.app.state.dispatcher.wake()
                return service.app.state.pool.get_stats()["requests_num"] > 1

            await eventually(looked_twice)
            await database.execute("ALTER TABLE notifications.not_yet RENAME TO messages")
            await service.until(await service.send("email", await service.world.member()), status="sent")
    finally:
        await database.execute("ALTER TABLE IF EXISTS notifications.not_yet RENAME TO messages")


async def test_retries_end(serve: Serve, clock: TestClock) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        begun = clock.now
        sendgrid.faults.extend(Fault(500, body=f'{{"message": "fault {number}"}}') for number in range(1, 20))
        sent = await service.send("email", await service.world.member())
        for number in range(1, MAX_ATTEMPTS):
            row = await service.until(sent, last_error=f"HTTP 500: fault {number}")
            clock.now = row["next_attempt_at"]
        row = await service.until(sent, status="failed")
        assert row["attempts"] == len(sendgrid.seen) == MAX_ATTEMPTS
        assert clock.now - begun <= timedelta(minutes=65)


async def test_one_recipient_never_blocks_another(serve: Serve) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        users = [await service.world.member() for _ in range(60)]
        sendgrid.faults.extend([Fault(500)] * 10)
        for user in users:
            await service.send("email", user)

        async def sent() -> bool:
            cursor = await service.database.execute(
                "SELECT count(*) FROM notifications.messages WHERE status = 'sent'"
            )
            return await cursor.fetchone() == (50,)

        await eventually(sent)
        assert len(sendgrid.taken) == 50


async def test_sms_over_twilio(serve: Serve) -> None:
    async with with_twilio(serve) as (service, twilio, user):
        sent = await service.send("sms", user, text="Long. " * 200)
        await service.until(sent, status="sent")
        (sms,) = twilio.taken
        assert (sms["To"], sms["From"]) == ("+4915112345678", twilio.number)
        assert sms["Body"].startswith("Overdue: cordless drill\nLong.")
        assert sms["Body"].endswith("…\nhttps://share.example.org/schedules/42")
        assert len(sms["Body"]) == 480


async def test_twilio_refuses_and_is_overrun(serve: Serve) -> None:
    async with with_twilio(serve) as (service, twilio, user):
        twilio.faults.append(Fault(429, {}, '{"code": 20429, "message": "Too Many Requests", "status": 429}'))
        row = await eventually_failed_once(service, await service.send("sms", user))
        assert row["last_error"] == "HTTP 429: Too Many Requests"
        twilio.number = "+15005550001"
        row = await service.until(await service.send("sms", user), status="failed")
        assert "is not valid" in row["last_error"]


async def test_quiet_hours_hold_mail_until_they_end(serve: Serve, clock: TestClock) -> None:
    async with Mailbox() as mailbox, serve(smtp_url=mailbox.url) as service:
        user = await service.world.member()
        await service.choose(user, quiet_hours={"start": "22:00", "end": "07:00"}, timezone="Europe/Berlin")
        clock.now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
        sent = await service.send("email", user)
        held = await service.until(sent, last_error="quiet hours")
        assert held["next_attempt_at"] == datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
        assert (held["status"], held["attempts"]) == ("accepted", 0)
        in_app = await service.send("in-app", user)
        assert (await service.row(in_app))["status"] == "sent"
        clock.now = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
        assert (await service.until(sent, status="sent"))["attempts"] == 1
        assert len(mailbox.mails) == 1


async def test_mail_that_waits_follows_a_change_of_mind(serve: Serve, clock: TestClock) -> None:
    async with Mailbox() as mailbox, serve(smtp_url=mailbox.url) as service:
        user = await service.world.member()
        await service.choose(user, quiet_hours={"start": "22:00", "end": "07:00"})
        clock.now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
        sent = await service.send("email", user)
        await service.until(sent, last_error="quiet hours")
        await service.choose(user, channels={"maintenance": {"email": False}})
        clock.now = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
        assert (await service.until(sent, status="suppressed"))["last_error"] == "unwanted"
        assert mailbox.mails == []


async def test_a_recipient_disabled_meanwhile_gets_nothing(serve: Serve, clock: TestClock) -> None:
    async with with_sendgrid(serve) as (service, sendgrid):
        sendgrid.faults.append(Fault(500))
        user = await service.world.member()
        sent = await service.send("email", user, "delivery-1")
        await eventually_failed_once(service, sent)
        await service.database.execute("UPDATE users SET active = false")
        clock.now += timedelta(minutes=1)
        await service.until(sent, status="suppressed")
        assert await service.send("email", user, "delivery-1") == sent
        assert sendgrid.taken == []


async def test_two_processes_share_the_work(serve: Serve) -> None:
    async with SendGrid() as sendgrid:
        changes = {"sendgrid_api_key": sendgrid.api_key, "sendgrid_base_url": sendgrid.url}
        async with serve(**changes) as one, serve(**changes) as two:
            user = await one.world.member()
            ids = await asyncio.gather(
                *(service.send("email", user) for service in (one, two) for _ in range(50))
            )
            for sent in ids:
                assert (await one.until(sent, status="sent"))["attempts"] == 1
            assert len({mail["custom_args"]["communityshare_message_id"] for mail in sendgrid.taken}) == 100
            assert len(sendgrid.taken) == 100


async def test_what_another_took_over_cannot_be_acknowledged(serve: Serve, clock: TestClock) -> None:
    async with (
        Mailbox() as mailbox,
        serve(smtp_url=mailbox.url) as paused,
        serve(smtp_url=mailbox.url) as other,
    ):
        mailbox.hold.clear()
        sent = await paused.send("email", await paused.world.member())
        await mailbox.arrived.wait()
        clock.now += LEASE
        row = await other.until(sent, attempts=2)
        assert row["status"] == "accepted"
        mailbox.replies.append(
            "554 5.7.1 refused"
        )  # the paused one is told to give up, and must not be heard
        mailbox.hold.set()
        await other.until(sent, status="sent")


async def test_stopping_finishes_what_is_in_flight(serve: Serve) -> None:
    async with Mailbox() as mailbox:
        async with serve(smtp_url=mailbox.url) as service:
            mailbox.hold.clear()
            sent = await service.send("email", await service.world.member())
            await mailbox.arrived.wait()
            asyncio.get_running_loop().call_later(0.05, mailbox.hold.set)
        assert (await service.row(sent))["status"] == "sent"


def part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body
    return body.get_content()


async def eventually_failed_once(service: Service, sent: UUID) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        row = await service.row(sent)
        return row if row["attempts"] == 1 and row["last_error"] else None

    service.app.state.dispatcher.wake()
    return await eventually(look)
