"""Maintenance of shared resources."""
