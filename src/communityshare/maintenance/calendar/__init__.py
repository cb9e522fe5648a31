"""A read model: what happens in a range of dates. It never writes."""
