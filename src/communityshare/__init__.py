"""CommunityShare Maintenance: plans, alerts and records for communities that share things."""

__version__ = "1.0.0"
