"""The work nobody waits for: a timetable, a queue on PostgreSQL, and the process that works through it."""
