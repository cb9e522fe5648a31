"""Prometheus' kinds of figures. Where a command gathers (`infra/figures.py`), they are kept in its folder.

Every figure of ours is made from here: where it is kept is decided when it is made.
"""

import fcntl
import os
from itertools import count
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import mark_process_dead

from communityshare.infra.figures import FOLDER

__all__ = ["Counter", "Gauge", "Histogram"]


def _take_place(folder: str) -> int:
    """Return the first number that no living process has. It is ours until we end.

    The library would name our files by process id, and keep those of all who ever died. By place, a successor goes on
    counting where the dead process stopped: nothing is lost, nothing goes back, and there is nothing to merge.
    """
    for place in count():
        lock = os.open(Path(folder) / f"{place}.lock", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        mark_process_dead(place, folder)  # a gauge says what is, so the predecessor's go
        return place
    raise AssertionError("numbers do not end")


def _count_into(folder: str) -> None:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    place = _take_place(folder)
    values.ValueClass = values.MultiProcessValue(lambda: place)


if FOLDER in os.environ:
    _count_into(os.environ[FOLDER])
