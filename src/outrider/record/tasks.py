"""Items of task lists, as the host's task files give them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskItem:
    """One item. ``session`` is the client's session id, or the name of a list shared by sessions."""

    session: str
    item: str
    subject: str
    status: str
