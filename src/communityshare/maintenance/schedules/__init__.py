"""Maintenance schedules."""
