"""The feature: plans that recur, people who are told in time, a record of what was done."""
