"""Technical ground under every room: it knows no domain."""
