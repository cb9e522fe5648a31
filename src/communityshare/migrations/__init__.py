"""Three Alembic histories, one for each owner: the platform, maintenance, and the Notification Service."""
