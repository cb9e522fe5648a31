"""What the service counts, by channel and outcome."""

from communityshare.infra.counting import Counter

ACCEPTED = Counter(
    "communityshare_notifications_accepted", "Messages answered with 202", ["channel", "status"]
)
SENDS = Counter(
    "communityshare_notifications_sends", "Attempts to send: sent, retried, failed, held, kept, suppressed",
    ["channel", "outcome"],
)  # fmt: skip
# Counted from 0 on, as deliveries are: else a scraper would miss the first failure.
for _channel in ("email", "sms"):
    for _outcome in ("sent", "retried", "failed"):
        SENDS.labels(_channel, _outcome)
