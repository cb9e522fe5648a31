"""Notification Service v2.3: a service of its own, talked to over HTTP only. Nothing imports it."""
