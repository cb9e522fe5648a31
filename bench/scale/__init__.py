"""What people ask most and the daily check: 1,000,000 schedules with 5,000,000 logs, and a tenth of them in turn."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import stage
from bench.load import community
from bench.rows import Row
from bench.scale import checking, pages, reading, sizes
from bench.stage import console

TENTH, WHOLE = 1, 10  # times the community of `bench.load`
_TABLES = ["maintenance_schedules", "maintenance_logs", "maintenance_completions"]


def rows() -> list[Row]:
    """Measure and return the figures of the whole, with those of the tenth as reference."""
    with stage.folder() as tenth, stage.folder() as whole:
        for home, times in ((tenth, TENTH), (whole, WHOLE)):
            console.print(f"seeding {community.SCHEDULES * times:,} schedules")
            with _databases(stage.all_cores(), home) as [environment]:
                community.seed(environment["DATABASE_URL"], times)
        return beside(*measured(tenth, whole))


def measured(*homes: Path) -> list[list[Row]]:
    """Return the figures of the databases in the folders, in the order of the folders."""
    with _databases(stage.server_cores(), *homes) as environments:
        urls = [environment["DATABASE_URL"] for environment in environments]
        people = [community.sign_in(url) for url in urls]
        found = [sizes.rows(url, _TABLES) for url in urls]
    for home in homes:
        _forget(home)
    with _databases(stage.server_cores(), *homes) as environments:
        console.print("people asking")
        _add(found, reading.rows(environments, people))
        _add(found, [pages.rows(url, here) for url, here in zip(urls, people, strict=True)])
    with _databases(stage.all_cores(), *homes) as environments:
        console.print("daily checks")
        _add(found, checking.rows(environments))
    return found


def beside(tenth: list[Row], whole: list[Row]) -> list[Row]:
    """Return the rows of the whole, each with the tenth's value as reference."""
    of_tenth = {row.name: row.value for row in tenth}
    for row in whole:
        row.reference = of_tenth.get(row.name)
        row.ratio = row.value / row.reference if row.reference else None
    return whole


def _add(found: list[list[Row]], more: list[list[Row]]) -> None:
    for here, others in zip(found, more, strict=True):
        here.extend(others)


@contextmanager
def _databases(cores: set[int], *homes: Path) -> Iterator[list[dict[str, str]]]:
    with ExitStack() as stack:
        yield [stack.enter_context(stage.database(home, cores)) for home in homes]


def _forget(home: Path) -> None:
    """Take a stopped server's files out of the system's cache; in a folder in memory they stay."""
    for path in home.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)
