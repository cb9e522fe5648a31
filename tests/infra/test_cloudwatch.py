"""What CloudWatch is told, and that the alarms listen to just that."""

import json
import re
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge

from communityshare.infra import cloudwatch

NOW = 1_772_400_000.0
ALARMS = Path(__file__).parents[2] / "deploy/aws/stacks/alarms.py"


def registry() -> CollectorRegistry:
    """The figures of a worker: the check due at NOW, an hour ago done for the tick before."""
    registry = CollectorRegistry()
    runs = Counter("communityshare_job_runs", "runs", ["job", "outcome"], registry=registry)
    runs.labels("daily_check", "failed").inc(2)
    deliveries = Counter("communityshare_deliveries", "deliveries", ["channel", "outcome"], registry=registry)
    deliveries.labels("email", "sent").inc(3)
    deliveries.labels("sms", "sent").inc(4)
    Gauge("communityshare_delivery_oldest_seconds", "age", registry=registry).set(17)
    Gauge("communityshare_job_due_timestamp_seconds", "due", ["job"], registry=registry).labels(
        "daily_check"
    ).set(NOW)
    done = Gauge("communityshare_job_last_success_timestamp_seconds", "done", ["job"], registry=registry)
    done.labels("daily_check").set(NOW - 3600)
    return registry


def values(figures: cloudwatch.Figures, before: cloudwatch.Figures) -> dict[str, float]:
    found = {}
    for document in cloudwatch.documents(figures, before, NOW):
        (directive,) = document["_aws"]["CloudWatchMetrics"]
        labels = "".join(f" {document[name]}" for name in directive["Dimensions"][0])
        found |= {metric["Name"] + labels: document[metric["Name"]] for metric in directive["Metrics"]}
    return found


def test_counts_are_sent_as_growth_and_added_up_over_labels_that_are_not_kept() -> None:
    figures = cloudwatch.read(registry().collect(), NOW + 60)
    first = values(figures, {})
    assert first["communityshare_deliveries_total sent"] == 7
    assert first["communityshare_job_runs_total daily_check failed"] == 2
    assert first["communityshare_delivery_oldest_seconds"] == 17
    again = values(figures, figures)
    assert again["communityshare_deliveries_total sent"] == 0
    assert again["communityshare_delivery_oldest_seconds"] == 17


def test_a_check_is_late_until_it_has_succeeded() -> None:
    source = registry()
    assert (
        values(cloudwatch.read(source.collect(), NOW + 900), {})[
            "communityshare_job_late_seconds daily_check"
        ]
        == 900
    )
    source._names_to_collectors["communityshare_job_last_success_timestamp_seconds"].labels(
        "daily_check"
    ).set(NOW + 5)
    assert (
        values(cloudwatch.read(source.collect(), NOW + 900), {})[
            "communityshare_job_late_seconds daily_check"
        ]
        == 0
    )


def test_a_document_is_as_aws_specifies_it() -> None:
    (document,) = [
        d
        for d in cloudwatch.documents(cloudwatch.read(registry().collect(), NOW), {}, NOW)
        if d.get("outcome") == "failed"
    ]
    assert json.loads(json.dumps(document)) == {
        "_aws": {
            "Timestamp": 1_772_400_000_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "CommunityShare",
                    "Dimensions": [["job", "outcome"]],
                    "Metrics": [{"Name": "communityshare_job_runs_total"}],
                }
            ],
        },
        "job": "daily_check",
        "outcome": "failed",
        "communityshare_job_runs_total": 2.0,
    }


def test_the_alarms_listen_to_what_is_sent() -> None:
    source = ALARMS.read_text()
    heard = set(re.findall(r'"(communityshare_\w+)"', source))
    assert heard <= set(cloudwatch._FIGURES) | {cloudwatch._LATE}
    assert f'NAMESPACE = "{cloudwatch.NAMESPACE}"' in source
