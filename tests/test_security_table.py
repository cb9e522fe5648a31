"""The tests that docs/security-asvs.md names exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = sorted(
    set(re.findall(r"`([\w./-]+\.(?:py|ts))::([^`]+)`", (ROOT / "docs/security-asvs.md").read_text()))
)


def test_the_table_names_tests() -> None:
    assert len(NAMED) > 40


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_named_test_exists(file: str, test: str) -> None:
    source = (ROOT / file).read_text()
    assert f"def {test}(" in source or f'test("{test}"' in source
