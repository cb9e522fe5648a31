"""Every cron line of the product, in UTC: which function it runs, and how late a tick may still be run."""

from dataclasses import dataclass
from datetime import timedelta

from communityshare.infra.settings import Settings
from communityshare.jobs.queue import Job
from communityshare.jobs.upkeep import requeue_stalled, sweep_photos, upkeep
from communityshare.maintenance.alerts.deliver import deliver_waiting
from communityshare.maintenance.alerts.job import daily_check


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timetable. A tick more than `catch_up` late is dropped: a later one does the same work."""

    cron: str
    job: Job
    catch_up: timedelta
    # Apart from the job's other lines.
    name: str = "tick"


def timetable(settings: Settings) -> tuple[Entry, ...]:
    """Return the lines of an installation."""
    return (
        Entry(settings.maintenance_check_cron, daily_check, catch_up=timedelta(minutes=15)),
        # The check itself looks for the latest tick without a run, however old: so nothing is missed for longer.
        Entry("*/5 * * * *", daily_check, catch_up=timedelta(minutes=5), name="missed"),
        Entry("* * * * *", deliver_waiting, catch_up=timedelta(minutes=1)),
        Entry("* * * * *", requeue_stalled, catch_up=timedelta(minutes=1)),
        Entry("23 3 * * *", upkeep, catch_up=timedelta(hours=23)),
        Entry("53 3 * * *", sweep_photos, catch_up=timedelta(hours=23)),
    )
