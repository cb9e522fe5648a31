"""What was done: the record of maintenance, append-only."""
