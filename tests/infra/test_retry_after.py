"""What a Retry-After header asks for."""

from datetime import UTC, datetime, timedelta

import pytest

from communityshare.infra.retry_after import parse_retry_after

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("²", None), ("0", 0), ("120", 120),
        ("9" * 40, 3600), ("9" * 5000, 3600),
        ("Mon, 02 Mar 2026 06:02:00 GMT", 120), ("Mon, 02 Mar 2026 05:00:00 GMT", 0),
    ],
)  # fmt: skip
def test_parsing_retry_after(value: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_retry_after(value, NOW) == expected
