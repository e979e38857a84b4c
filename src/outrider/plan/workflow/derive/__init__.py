"""Workflows out of a skill's own text, one module for each kind of source."""
