"""What administrators see of the whole: feature flags and the audit trail."""
