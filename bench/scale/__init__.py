"""What people ask most and the daily check, on 1,000,000 schedules with 5,000,000 logs and on a tenth of them."""

import os
from pathlib import Path

from bench import stage
from bench.load import community
from bench.rows import Row
from bench.scale import checking, pages, reading, sizes
from bench.stage import console

_TENTH, _WHOLE = 1, 10  # times the community of `bench.load`
_TABLES = ["maintenance_schedules", "maintenance_logs", "maintenance_completions"]


def rows() -> list[Row]:
    """Measure and return the figures of the whole, with those of the tenth as reference."""
    tenth, whole = ({row.name: row for row in _measured(times)} for times in (_TENTH, _WHOLE))
    for name, row in whole.items():
        if name in tenth:
            row.reference = tenth[name].value
            row.ratio = row.value / row.reference
            row.note = f"{row.note}; of the tenth: {tenth[name].note}" if row.note else ""
    return list(whole.values())


def _measured(times: int) -> list[Row]:
    with stage.folder() as home:
        console.print(f"{community.SCHEDULES * times:,} schedules: seeding")
        with stage.database(home, stage.all_cores()) as environment:
            community.seed(environment["DATABASE_URL"], times)
        return measured(home, times)


def measured(home: Path, times: int) -> list[Row]:
    """Return the figures of the seeded database in `home`."""
    console.print("people asking")
    with stage.database(home, stage.server_cores()) as environment:
        people = community.sign_in(environment["DATABASE_URL"])
        found = sizes.rows(environment["DATABASE_URL"], _TABLES)
    # Nothing of it is in any memory of this machine now; the first to ask find out.
    _forget(home)
    with stage.database(home, stage.server_cores()) as environment:
        found += reading.rows(environment, people)
        found += pages.rows(environment["DATABASE_URL"], people)
    console.print("daily checks")
    with stage.database(home, stage.all_cores()) as environment:
        return found + checking.rows(environment, times)


def _forget(home: Path) -> None:
    """Take the server's files out of the system's cache; in a folder in memory they stay."""
    for path in home.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)
