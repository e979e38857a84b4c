"""Outrider: what skills in Claude Code really do and cost, from the records it already writes."""

__version__ = "0.1.0"
