"""One scrape of several processes: sums of what the living and the dead counted, gauges of the living."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from communityshare.infra import figures

PROCESS = """
import sys
from communityshare.infra import http_metrics, metrics
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
"""


class Process:
    """A process that counts into the folder, and does as it is told."""

    def __init__(self, stack: ExitStack) -> None:
        self._child = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", PROCESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        stack.callback(self._child.kill)

    def does(self, line: str) -> None:
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(f"{line}\n")
        self._child.stdin.flush()
        assert self._child.stdout.readline() == "done\n"

    def dies(self) -> None:
        self._child.kill()
        self._child.wait()


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Where the processes of a test live; their command gathers in the test's folder."""
    monkeypatch.setenv(figures.FOLDER, str(tmp_path))
    with ExitStack() as stack:
        yield stack


def scraped() -> dict[str, float]:
    families = text_string_to_metric_families(figures.text().decode())
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in families
        for sample in family.samples
    }


def test_counts_are_added_up_over_the_living_and_the_dead(processes: ExitStack) -> None:
    one, two = Process(processes), Process(processes)
    answer = "http_metrics.observe('api', {'method': 'GET', 'path_template': '/x'}, 200, 0.02)"
    for process in (one, one, two):
        process.does(answer)
    one.dies()
    assert scraped()["communityshare_http_requests_total GET /x api 200"] == 3
    Process(processes).does(answer)
    found = scraped()
    assert found["communityshare_http_requests_total GET /x api 200"] == 4
    assert found["communityshare_http_request_seconds_bucket 0.01 GET /x api"] == 0
    assert found["communityshare_http_request_seconds_bucket 0.025 GET /x api"] == 4
    assert found["communityshare_http_request_seconds_count GET /x api"] == 4
    assert found["communityshare_http_request_seconds_sum GET /x api"] == pytest.approx(0.08)


def test_gauges_are_those_of_the_living(processes: ExitStack) -> None:
    one, two = Process(processes), Process(processes)
    for number, process in enumerate((one, two), 1):
        process.does(f"http_metrics.POOL.labels('size').set({number})")
        process.does(f"metrics.QUEUE_DEPTH.set({number})")
        process.does(f"metrics.DB_UP.labels('worker').set({number - 1})")
    size, depth, up = (
        "communityshare_db_pool_connections size",
        "communityshare_delivery_queue_depth",
        "communityshare_db_up worker",
    )
    found = scraped()
    assert (found[size], found[depth], found[up]) == (3, 2, 0)
    one.does("metrics.QUEUE_DEPTH.set(1)")
    assert scraped()[depth] == 1
    one.dies()
    found = scraped()
    assert (found[size], found[depth], found[up]) == (2, 2, 1)
    two.dies()
    assert not {size, depth, up} & scraped().keys()
    # Who takes the place of a dead process takes over nothing that was true of it.
    Process(processes).does("metrics.JOB_DUE.labels('daily_check').set(0)")
    assert not {size, depth, up} & scraped().keys()


def test_the_dead_leave_nothing_that_piles_up(processes: ExitStack, tmp_path: Path) -> None:
    seen = []
    for _ in range(3):
        process = Process(processes)
        process.does("metrics.QUEUE_DEPTH.set(1)")
        process.does("metrics.ALERTS_CREATED.inc()")
        process.dies()
        seen.append(sorted(file.name for file in tmp_path.iterdir()))
    assert seen[0] == seen[1] == seen[2]
    assert scraped()["communityshare_alerts_created_total"] == 3
