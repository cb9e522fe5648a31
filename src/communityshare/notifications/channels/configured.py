"""The transports that the settings name."""

from dataclasses import dataclass

from communityshare.infra.http import HttpClient
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


def transports_from(settings: Settings, client: HttpClient) -> Transports:
    """Return what is configured; SMTP before SendGrid."""
    return Transports(_email(settings, client), _sms(settings, client))


def _email(settings: Settings, client: HttpClient) -> Transport[OutgoingMail] | None:
    if settings.smtp_url:
        return SmtpTransport(settings.smtp_url, settings.email_from)
    if settings.sendgrid_api_key:
        return SendGridTransport(
            client, settings.sendgrid_api_key, settings.email_from, settings.sendgrid_base_url
        )
    return None


def _sms(settings: Settings, client: HttpClient) -> Transport[OutgoingSms] | None:
    account, token, sender = settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from
    if account and token and sender:
        return TwilioTransport(client, account, token, sender, settings.twilio_base_url)
    return None
