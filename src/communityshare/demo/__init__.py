"""The demo community: a tool library, a makerspace and a housing co-op with two years of maintenance."""
