"""The transports that the settings name."""

from dataclasses import dataclass

import aiohttp

from communityshare.infra.settings import Settings
from communityshare.notifications.channels.email_sendgrid import SendGridTransport
from communityshare.notifications.channels.email_smtp import SmtpTransport
from communityshare.notifications.channels.sms_twilio import TwilioTransport
from communityshare.notifications.channels.transport import OutgoingMail, OutgoingSms, Transport


@dataclass(frozen=True, slots=True)
class Transports:
    """One for each outside channel; None: messages are kept and listed in the outbox."""

    email: Transport[OutgoingMail] | None
    sms: Transport[OutgoingSms] | None


def transports_from(settings: Settings, session: aiohttp.ClientSession) -> Transports:
    """Return what is configured; SMTP before SendGrid."""
    return Transports(_email(settings, session), _sms(settings, session))


def _email(settings: Settings, session: aiohttp.ClientSession) -> Transport[OutgoingMail] | None:
    if settings.smtp_url:
        return SmtpTransport(settings.smtp_url, settings.email_from)
    if settings.sendgrid_api_key:
        return SendGridTransport(
            session, settings.sendgrid_api_key, settings.email_from, settings.sendgrid_base_url
        )
    return None


def _sms(settings: Settings, session: aiohttp.ClientSession) -> Transport[OutgoingSms] | None:
    account, token, sender = settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from
    if account and token and sender:
        return TwilioTransport(session, account, token, sender, settings.twilio_base_url)
    return None
