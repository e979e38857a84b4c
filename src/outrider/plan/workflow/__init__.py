"""Workflows: steps, their order, rules and limits, declared in a file or derived from a skill's text."""
