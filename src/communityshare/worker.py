"""The worker process. No logic."""

import uvloop

from communityshare.infra import figures, tracing
from communityshare.infra.runtime import runtime
from communityshare.jobs.runner import run


def work() -> None:
    """Work through jobs until SIGTERM or SIGINT."""
    with runtime("worker") as settings:
        figures.publish(settings)
        tracing.configure(settings, "worker")
        uvloop.run(run(settings))
        tracing.flush()
