"""The hook's modules compiled into one file: what Python caches for each module, read at once.

Finding, checking and loading some twenty modules apart costs a hook as long as everything it does with them.
The file stands beside Python's own caches, is checked against the sources at each start, and is only a
cache: without it the modules are imported as any others. Eight bytes of hash over the rest come first, as
damaged code could do anything.
"""

from __future__ import annotations

import marshal
import sys
from _imp import source_hash

from outrider.interface.hook import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType
    from typing import Any

    Entry = tuple[str, str, bool, float, int, CodeType]

CORE = (
    "outrider.interface.hook.program",
    "outrider.judge.guard.seeing.shell_text",
    "outrider.judge.guard.calm",
)
"""What every event needs, with all that it imports; the rest is imported where it is needed."""

ONLY_TREE = 0x400
"""The flag that makes `compile` return the syntax tree, as `ast` has it (`PyCF_ONLY_AST`)."""


def write(path: str, own: str) -> None:
    """Write the core modules in the order in which they need each other.

    ``path`` is the bundle's file, ``own`` a name that no other process uses. Raises OSError.
    """
    entries: dict[str, Entry] = {}
    for name in CORE:
        _add(name, entries)
    content = marshal.dumps(list(entries.values()))
    files.replace_whole(path, source_hash(len(content) + 8, content) + content, own)


def _add(name: str, entries: dict[str, Entry]) -> None:
    """Add a module behind its package and behind the modules that it imports at its head."""
    if name in entries:
        return
    __import__(name)
    found = sys.modules[name]
    parent = name.rpartition(".")[0]
    if parent:
        _add(parent, entries)
    path = str(found.__file__)
    source = files.read_at_most(path, 1 << 20)
    if source is None:
        raise OSError(path)
    for other in _imported(compile(source, path, "exec", ONLY_TREE, dont_inherit=True)):
        if other in sys.modules:
            _add(other, entries)
    changed, size = files.changed_at(path), files.size_of(path)
    code = compile(source, path, "exec", dont_inherit=True, optimize=2)
    entries[name] = (name, path, hasattr(found, "__path__"), changed, size, code)


def _imported(tree: Any) -> Iterator[str]:  # noqa: ANN401 - its type would have to be loaded
    """Yield the names of our own modules that stand in the imports at the head of a module."""
    for node in tree.body:
        module = getattr(node, "module", None)
        if isinstance(module, str) and module.startswith("outrider"):
            yield module
            for each in node.names:
                yield f"{module}.{each.name}"
