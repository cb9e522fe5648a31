"""When a failed send is tried again. Pure: the clock and the dice are arguments."""

from datetime import datetime, timedelta
from random import Random

from communityshare.infra.retry_after import LONGEST_RETRY_AFTER

MAX_ATTEMPTS = 8  # the eighth comes at most an hour after the first
FIRST_CEILING = timedelta(seconds=30)
LAST_CEILING = timedelta(minutes=30)


def next_attempt_at(
    now: datetime, attempt: int, retry_after: timedelta | None, dice: Random
) -> datetime | None:
    """Return when to try again after the failed `attempt` (from 1), or None when it was the last one.

    Full jitter: any moment up to the ceiling, which doubles each time, so that messages that failed together
    do not come back together. `retry_after` is what the provider asked for and is never undercut.
    """
    if attempt >= MAX_ATTEMPTS:
        return None
    ceiling = min(LAST_CEILING, FIRST_CEILING * 2 ** (attempt - 1))
    pause = min(retry_after or timedelta(), LONGEST_RETRY_AFTER)
    return now + pause + ceiling * dice.random()
