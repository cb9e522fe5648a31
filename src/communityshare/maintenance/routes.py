"""`/api/maintenance`: everything below needs a signed-in user and the feature's flag."""

from litestar import Router

from communityshare.accounts.authentication import signed_in
from communityshare.maintenance.alerts.routes import alerts_of_schedule
from communityshare.maintenance.alerts.routes import router as alerts_router
from communityshare.maintenance.calendar.routes import router as calendar_router
from communityshare.maintenance.limits import feature_enabled
from communityshare.maintenance.logs.routes import router as logs_router
from communityshare.maintenance.schedules.routes import router as schedules_router

router = Router(
    "/api/maintenance",
    route_handlers=[schedules_router, logs_router, calendar_router, alerts_router, alerts_of_schedule],
    guards=[feature_enabled, signed_in],
)
