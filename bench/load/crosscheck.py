"""Locust as a second opinion on the percentiles."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from bench.load.community import Person
from bench.stage import load_cores, on_cores


def p95(address: str, people: list[Person], *, seconds: int) -> float:
    """Return Locust's p95 in milliseconds over all answers of `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "people.json")
        file.write_bytes(msgspec.json.encode(people))
        file.chmod(0o600)
        command = [
            sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("locustfile.py")), "--headless",
            "-u", str(len(people)), "-r", str(len(people)), "-t", f"{seconds}s", "--reset-stats", "--json",
            "--loglevel", "ERROR", "--exit-code-on-error", "0",
        ]  # fmt: skip
        with on_cores(load_cores()):
            environment = {
                **os.environ,
                "PEOPLE": str(file),
                "ADDRESS": address,
                "PYTHONPATH": str(Path.cwd()),
            }
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    stats = msgspec.json.decode(done.stdout)
    times = sorted((float(time), count) for one in stats for time, count in one["response_times"].items())
    beyond, total = 0, sum(count for _, count in times)
    for time, count in times:
        beyond += count
        if beyond >= 0.95 * total:
            return time
    return float("nan")
