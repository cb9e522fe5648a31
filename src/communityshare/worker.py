"""The worker process. No logic."""

import uvloop

from communityshare.infra import metrics
from communityshare.infra.runtime import runtime
from communityshare.jobs.runner import run


def work() -> None:
    """Work through jobs until SIGTERM or SIGINT."""
    with runtime("worker") as settings:
        metrics.publish(settings)
        uvloop.run(run(settings))
