"""The hook program: one event of Claude Code in, one JSON object or nothing out.

It runs in an isolated interpreter with nothing but the standard library, and of that as little as it can:
each module here is loaded on every tool call of a session.
"""
