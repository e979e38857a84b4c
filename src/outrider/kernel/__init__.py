"""What everything stands on: errors, limits, inert text, redaction. Standard library only."""
