"""The figures for a scraper: what this process counts, or the sums over all the processes that a command starts.

A command that starts processes gathers: it makes a folder, its processes count into it (`infra/counting.py`), and the
command itself, which outlives each of them, serves the sums.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from communityshare.infra import cloudwatch
from communityshare.infra.logging import log
from communityshare.infra.settings import Settings

# Names the folder that the command gathers in; its processes share it by environment.
FOLDER = "COMMUNITYSHARE_METRICS_FOLDER"


@contextmanager
def gathered(settings: Settings) -> Iterator[None]:
    """Publish the sums over the processes that are started in the block, and over those before them that died.

    Nothing happens where nobody asks for figures, or where the command above gathers already.
    """
    asked_for = settings.metrics_port is not None or settings.metrics_token or settings.cloudwatch_metrics
    if not asked_for or FOLDER in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="communityshare-metrics-") as folder:
        os.environ[FOLDER] = folder
        _publish(settings, _sums(folder))
        try:
            yield
        finally:
            del os.environ[FOLDER]


def publish(settings: Settings) -> None:
    """Publish what this process counts, unless the command above gathers it."""
    if FOLDER not in os.environ:
        _publish(settings, REGISTRY)


def text() -> bytes:
    """Return the figures in Prometheus' text format."""
    return generate_latest(_sums(os.environ[FOLDER]) if FOLDER in os.environ else REGISTRY)


def _publish(settings: Settings, registry: CollectorRegistry) -> None:
    """Serve `/metrics` on METRICS_PORT and write lines for CloudWatch, as the settings say."""
    if settings.metrics_port is not None:
        try:
            start_http_server(settings.metrics_port, settings.host, registry)
        except OSError as error:
            # A port in use costs the metrics, not the work.
            log.warning("metrics are not served", port=settings.metrics_port, error=str(error))
    if settings.cloudwatch_metrics:
        cloudwatch.start(registry)


def _sums(folder: str) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Sums(Path(folder)))
    return registry


class _Sums(Collector):
    """Reads a folder: counts of the living and the dead, gauges of the living."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        living = {lock.stem for lock in self._folder.glob("*.lock") if _is_held(lock)}
        files = [
            str(file)
            for file in self._folder.glob("*.db")
            if _is_begun(file) and (not file.name.startswith("gauge_") or file.stem.split("_")[-1] in living)
        ]
        return MultiProcessCollector.merge(files)


def _is_held(lock: Path) -> bool:
    """Return whether a process lives that took the place: the kernel lets go of its lock when it dies."""
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _is_begun(file: Path) -> bool:
    """Return whether there is something to read: a file is empty for a moment, and a successor takes gauges away."""
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False
