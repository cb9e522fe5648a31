"""A transport alone: what needs a time limit of the test's own."""

from uuid import uuid4

import pytest

from communityshare.infra.http import open_client
from communityshare.notifications import rendering
from communityshare.notifications.channels.email_sendgrid import SendGridTransport
from communityshare.notifications.channels.email_smtp import SmtpTransport, compose
from communityshare.notifications.channels.transport import OutgoingMail, SendError
from tests.conftest import TestClock
from tests.stand_ins.providers import HANG, SendGrid

SENDER = "CommunityShare <maintenance@communityshare.example>"


def outgoing(to: str = "ada@example.org", name: str = "Ada", subject: str = "Overdue") -> OutgoingMail:
    mail = rendering.mail(
        subject=subject, text="Text", html=None, url="/s", name=name, base_url="https://x.example"
    )
    return OutgoingMail(uuid4(), TestClock().now, to, name, mail)


async def test_a_provider_that_does_not_answer_is_left() -> None:
    async with SendGrid() as sendgrid, open_client(total_timeout=0.1) as client:
        sendgrid.faults.append(HANG)
        with pytest.raises(SendError, match="Timeout") as caught:
            await SendGridTransport(client, sendgrid.api_key, SENDER, sendgrid.url).send(outgoing())
        assert caught.value.passing


@pytest.mark.parametrize("to", ["not an address", "a@b\r\nBcc: c@example.org", "ä@example.org"])
async def test_an_address_that_cannot_be_written_is_final(to: str) -> None:
    with pytest.raises(SendError) as caught:
        await SmtpTransport("smtp://127.0.0.1:1", SENDER).send(outgoing(to))
    assert not caught.value.passing


@pytest.mark.parametrize("name", ['Ada "the Countess" Lovelace', "Ádà Løvelace, Ltd", "=?utf-8?q?x?="])
def test_names_are_encoded(name: str) -> None:
    mail = compose(outgoing(name=name), SENDER)
    assert mail["To"].addresses[0].display_name == name
    assert mail.as_bytes().isascii()


def test_a_long_subject_stays_one_header() -> None:
    mail = compose(outgoing(subject="Überfällig " * 18), SENDER)
    head = mail.as_bytes().split(b"\r\n\r\n", 1)[0].decode()
    assert sum(line.lower().startswith("subject:") for line in head.splitlines()) == 1
    assert all(len(line) <= 78 for line in head.splitlines() if not line.startswith("List-"))
