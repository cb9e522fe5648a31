"""Who used how much processor time: as the kernel counts it, however busy the machine is otherwise."""

import os
from contextlib import suppress
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def seconds(process: int) -> float:
    """Return the seconds a process used, with its children, those that live and those that ended."""
    living = 0.0
    for child in children(process):
        with suppress(FileNotFoundError, ProcessLookupError):
            living += _own(child)
    # Last: what a child used that has ended meanwhile is its parent's by now.
    return living + _own(process)


def children(process: int) -> list[int]:
    """Return the processes that a process started and that live."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _own(process: int) -> float:
    # After the name, which may hold anything: user, system, and both of children that were waited for.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) * _TICK
