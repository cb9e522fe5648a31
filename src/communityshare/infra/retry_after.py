"""What a service asks for when it says «come back later». Pure: the clock is an argument."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER = timedelta(hours=1)


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return the pause a Retry-After header asks for: seconds or an HTTP date (RFC 9110, 10.2.3).

    Seconds beyond an hour count as one. None where the header is missing or says nothing.
    """
    if not value:
        return None
    if value.isascii() and value.isdigit():
        # Nine digits are three decades; Python refuses to read thousands of them.
        return min(timedelta(seconds=int(value[:9])), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(timedelta(), moment.replace(tzinfo=moment.tzinfo or UTC) - now)
