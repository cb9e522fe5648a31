"""Jobs run on the same community as the alerts' tests."""

from tests.maintenance.alerts.conftest import due, morning, parts, sink

__all__ = ["due", "morning", "parts", "sink"]
