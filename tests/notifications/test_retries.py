"""Pauses between attempts."""

from datetime import UTC, datetime, timedelta
from random import Random

from communityshare.notifications.retries import MAX_ATTEMPTS, next_attempt_at

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


class Highest(Random):
    def random(self) -> float:
        return 1.0


def test_ceilings_double_up_to_half_an_hour() -> None:
    pauses = [next_attempt_at(NOW, attempt, None, Highest()) for attempt in range(1, MAX_ATTEMPTS)]
    assert [pause and (pause - NOW).total_seconds() for pause in pauses] == [30, 60, 120, 240, 480, 960, 1800]
    assert next_attempt_at(NOW, MAX_ATTEMPTS, None, Highest()) is None


def test_jitter_is_full() -> None:
    dice = Random(1)
    moments = [next_attempt_at(NOW, 3, None, dice) for _ in range(1000)]
    seconds = sorted((moment - NOW).total_seconds() for moment in moments if moment)
    assert seconds[0] < 2
    assert seconds[-1] > 118
    assert 55 < sum(seconds) / 1000 < 65


def test_retry_after_is_never_undercut_and_never_endless() -> None:
    asked = next_attempt_at(NOW, 1, timedelta(seconds=90), Random(1))
    assert asked
    assert timedelta(seconds=90) <= asked - NOW <= timedelta(seconds=120)
    forever = next_attempt_at(NOW, 1, timedelta(days=30), Highest())
    assert forever == NOW + timedelta(hours=1, seconds=30)
