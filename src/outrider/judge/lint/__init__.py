"""Lint: what is wrong in a collection of skills, by rules with stable codes."""
