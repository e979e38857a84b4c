"""Which run every request, call and millisecond belongs to."""
