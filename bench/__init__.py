"""Benchmarks of the product as it runs: real processes, real PostgreSQL, loopback only."""
