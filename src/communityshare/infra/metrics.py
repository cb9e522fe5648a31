"""What the processes count, under the names that the alert rules and the dashboard read."""

from functools import partial

from communityshare.infra.counting import Counter, Gauge, Histogram

# Of what several processes set, a scrape shows what the latest of the living said.
_Latest = partial(Gauge, multiprocess_mode="livemostrecent")

JOB_RUNS = Counter("communityshare_job_runs", "Runs of background jobs", ["job", "outcome"])
JOB_SECONDS = Histogram(
    "communityshare_job_seconds", "Seconds that a run of a job took", ["job"],
    buckets=(0.01, 0.1, 0.5, 1, 5, 15, 60, 120, 600),
)  # fmt: skip
JOB_DUE = _Latest("communityshare_job_due_timestamp_seconds", "The latest tick of a job", ["job"])
JOB_LAST_SUCCESS = _Latest(
    "communityshare_job_last_success_timestamp_seconds", "When a job last succeeded", ["job"]
)
SCHEDULES_CHECKED = Counter("communityshare_schedules_checked", "Schedules found due by daily checks")
ALERTS_CREATED = Counter("communityshare_alerts_created", "Alerts planned by daily checks")
DELIVERIES = Counter(
    "communityshare_deliveries", "Outcomes of deliveries: sent, suppressed, failed (retried), dead",
    ["channel", "outcome"],
)  # fmt: skip
# Counted from 0 on: to a scraper, a series that appears with a 1 has never grown; the first failure would be missed.
for _channel in ("in_app", "email", "sms"):
    for _outcome in ("sent", "suppressed", "failed", "dead"):
        DELIVERIES.labels(_channel, _outcome)
QUEUE_DEPTH = _Latest("communityshare_delivery_queue_depth", "Deliveries that wait")
QUEUE_OLDEST = _Latest("communityshare_delivery_oldest_seconds", "Age of the oldest delivery that waits")
# With a label it is shown by those alone who set it: a gauge that nobody sets says 0.
DB_UP = Gauge(
    "communityshare_db_up", "1 while the database answers, else 0", ["service"], multiprocess_mode="livemin"
)
