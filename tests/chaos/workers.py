"""Real worker processes that tests may kill. A fork server with everything imported starts one in a moment."""

import asyncio
import multiprocessing
from datetime import timedelta
from multiprocessing.process import BaseProcess
from typing import Any

from communityshare.infra import logging
from communityshare.infra.settings import Settings
from communityshare.jobs import runner
from communityshare.jobs.timetable import Entry
from communityshare.maintenance.alerts.deliver import deliver_waiting
from communityshare.maintenance.alerts.rules import Policy

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.chaos.workers"])

HASTY = Policy(
    backoff=(timedelta(milliseconds=100), timedelta(milliseconds=200), timedelta(milliseconds=400)),
    longest_retry_after=timedelta(milliseconds=200),
    lease=timedelta(seconds=3),
    connect_timeout=1.0,
    total_timeout=1.0,
)
EVERY_SECOND = (Entry("* * * * * *", deliver_waiting, catch_up=timedelta(seconds=5)),)


def start(settings: Settings, policy: Policy = HASTY) -> BaseProcess:
    """Start a worker that looks for waiting deliveries every second."""
    worker = PROCESSES.Process(target=_work, args=(settings, policy), daemon=True)
    worker.start()
    return worker


def _work(settings: Settings, policy: Policy) -> None:
    logging.configure(settings.log_level, "worker")
    asyncio.run(runner.run(settings, policy=policy, entries=EVERY_SECOND, poll=0.2))


def together(count: int, target: Any, *arguments: Any) -> list[int | None]:
    """Run `target(barrier, *arguments)` in `count` processes at once; returns their exit codes."""
    barrier = PROCESSES.Barrier(count)
    crowd = [PROCESSES.Process(target=target, args=(barrier, *arguments)) for _ in range(count)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join(60)
    return [process.exitcode for process in crowd]
