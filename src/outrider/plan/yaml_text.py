"""Small YAML documents as plain values: texts, lists and mappings; nothing is guessed to be a number."""

from __future__ import annotations

from outrider.plan.workflow.model import Mistake
from outrider.plan.workflow.positions import ListNode, MapNode, Node, read_nodes

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What a document holds. Of a repeated key the last value stands."""


def yaml_value(text: str) -> Plain | Mistake:
    """Return what ``text`` holds, or the one mistake that keeps it from being read."""
    found = read_nodes(text)
    return found if isinstance(found, Mistake) else _plain(found)


def _plain(node: Node) -> Plain:
    if isinstance(node, MapNode):
        return {key.text: _plain(value) for key, value in node.pairs}
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    return "" if node.is_nothing else node.text
