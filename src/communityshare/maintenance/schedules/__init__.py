"""Maintenance schedules: plans that recur."""
