"""Files of any client version to entries, read-only."""
