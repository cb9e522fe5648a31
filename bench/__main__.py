"""`python -m bench [alerts|load|scale]`: measure, print one table, keep the figures as JSON."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from bench.rows import Row

PARTS = ("alerts", "load")
ASKED_FOR = ("scale",)  # a quarter of an hour and 20 GB of disk: only by its name
_RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str]) -> int:
    """Run the parts named, or the quick ones. Returns 1 for a name that is none, 0 however the figures are."""
    chosen = arguments or list(PARTS)
    known = PARTS + ASKED_FOR
    if unknown := set(chosen) - set(known):
        print(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr
        )
        return 1
    rows = [row for part in chosen if find_spec(f"bench.{part}") for row in _part(part)()]
    report = {"commit": _commit(), "machine": _machine(), "rows": rows}
    _keep(report, chosen)
    Console().print(_table(rows, report["machine"]))
    for row in rows:
        if row.note:
            Console().print(f"  {row.name}: {row.note}", highlight=False, soft_wrap=True)
    return 0


def _part(name: str) -> Callable[[], list[Row]]:
    return import_module(f"bench.{name}").rows


def _commit() -> str:
    described = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    done = subprocess.run(described, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _machine() -> dict[str, Any]:
    cpu = Path("/proc/cpuinfo")
    names = (
        [line for line in cpu.read_text().splitlines() if line.startswith("model name")]
        if cpu.exists()
        else []
    )
    return {
        "cpu": names[0].partition(":")[2].strip() if names else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }


def _keep(report: dict[str, Any], chosen: list[str]) -> None:
    """Write the dated copy always, `latest.json` only when everything was measured."""
    text = msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
    _RESULTS.mkdir(exist_ok=True)
    dated = f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}-{'-'.join(chosen)}.json"
    for name in (dated, "latest.json") if set(chosen) == set(PARTS) else (dated,):
        (_RESULTS / name).write_bytes(text)


def _table(rows: list[Row], machine: dict[str, Any]) -> Table:
    held_against = "the same work done the bare way, or on a tenth of the data; same run"
    caption = f"{machine['cpu']}, {machine['cores']} cores; reference: {held_against}"
    table = Table(title="Benchmarks", caption=caption)
    table.add_column("figure")
    for heading in ("measured", "document asks", "goal", "reference", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("met")
    for row in rows:
        verdict = {True: "[green]yes", False: "[red]no", None: ""}[row.met]
        figures = (
            _figure(row.value, row.unit),
            *map(_figure, (row.target, row.goal, row.reference, row.ratio)),
        )
        table.add_row(row.name, *figures, verdict)
    return table


def _figure(value: float | None, unit: str = "") -> str:
    if value is None:
        return ""
    digits = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
