"""The figures of `/metrics` for CloudWatch: each minute one line of Embedded Metric Format on standard output.

The log driver carries them to CloudWatch, which reads metrics out of such lines by itself: it takes no agent.
Format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Metric

NAMESPACE = "CommunityShare"
_EVERY = 60.0  # seconds
# What is sent, and the labels kept; figures that differ in other labels only are added up.
_FIGURES = {
    "communityshare_http_requests_total": ("service", "status"),
    "communityshare_rate_limit_refusals_total": (),
    "communityshare_job_runs_total": ("job", "outcome"),
    "communityshare_job_seconds_sum": ("job",),
    "communityshare_schedules_checked_total": (),
    "communityshare_alerts_created_total": (),
    "communityshare_deliveries_total": ("outcome",),
    "communityshare_notifications_sends_total": ("outcome",),
    "communityshare_delivery_queue_depth": (),
    "communityshare_delivery_oldest_seconds": (),
    "communityshare_db_up": (),
}
_DUE = "communityshare_job_due_timestamp_seconds"
_SUCCESS = "communityshare_job_last_success_timestamp_seconds"
_LATE = "communityshare_job_late_seconds"
Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def start(registry: CollectorRegistry) -> None:
    """Write the figures of the registry until this process ends."""
    threading.Thread(target=_write_for_ever, args=(registry,), name="cloudwatch", daemon=True).start()


def _write_for_ever(registry: CollectorRegistry) -> None:
    before: Figures = {}
    while True:
        time.sleep(_EVERY)
        now = time.time()
        figures = read(registry.collect(), now)
        sys.stdout.write("".join(json.dumps(line) + "\n" for line in documents(figures, before, now)))
        sys.stdout.flush()
        before = figures


def read(families: Iterable[Metric], now: float) -> Figures:
    """Return the figures that are sent, by name and labels. `now` is a Unix time in seconds."""
    figures: Figures = {}
    ticks: dict[tuple[str, str], float] = {}
    for sample in (sample for family in families for sample in family.samples):
        if sample.name in (_DUE, _SUCCESS):
            ticks[sample.name, sample.labels["job"]] = sample.value
        elif sample.name in _FIGURES:
            key = sample.name, tuple((label, sample.labels[label]) for label in _FIGURES[sample.name])
            figures[key] = figures.get(key, 0) + sample.value
    for (name, job), due in ticks.items():
        if name == _DUE:
            done = ticks.get((_SUCCESS, job), 0) >= due
            figures[_LATE, (("job", job),)] = 0.0 if done else max(now - due, 0)
    return figures


def documents(figures: Figures, before: Figures, now: float) -> Iterator[dict[str, Any]]:
    """Yield one document for each set of labels. What only grows is sent as its growth since `before`."""
    grouped: dict[tuple[tuple[str, str], ...], dict[str, float]] = {}
    for (name, labels), value in figures.items():
        grows = name.endswith(("_total", "_sum"))
        grouped.setdefault(labels, {})[name] = value - before.get((name, labels), 0) if grows else value
    for labels, values in grouped.items():
        directive = {
            "Namespace": NAMESPACE,
            "Dimensions": [[label for label, _ in labels]],
            "Metrics": [{"Name": name} for name in values],
        }
        yield {
            "_aws": {"Timestamp": round(now * 1000), "CloudWatchMetrics": [directive]},
            **dict(labels),
            **values,
        }
