"""What once stood in a repository and stands there no more: the oracle for names that nobody renamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from outrider.plan.plugin.components import Kind, kind_of


class Gone(NamedTuple):
    """A path that a commit took away; ``new`` is where it went, empty when it was deleted."""

    path: str
    commit: str
    new: str = ""


class FormerName(NamedTuple):
    """A name that a component had. ``new`` is its name afterwards, empty when there was none."""

    kind: Kind
    name: str
    commit: str
    new: str = ""


@dataclass(frozen=True, eq=False)
class Former:
    """Names and paths of the past; empty where there is no repository. The newest commit decides."""

    names: Mapping[str, FormerName] = field(default_factory=dict)
    paths: Mapping[str, Gone] = field(default_factory=dict)
    basenames: Mapping[str, Gone] = field(default_factory=dict)


def read_former(gone: Iterable[Gone]) -> Former:
    """Return the names and paths in ``gone``, whose newest entries come first."""
    names: dict[str, FormerName] = {}
    paths: dict[str, Gone] = {}
    basenames: dict[str, Gone] = {}
    for each in gone:
        paths.setdefault(each.path, each)
        basenames.setdefault(each.path.rpartition("/")[2], each)
        if kind := kind_of(each.path):  # where it stood then does not matter: layouts change
            name, new = component_name(kind, each.path), ""
            if each.new and kind_of(each.new) == kind:
                new = component_name(kind, each.new)
            if name != new:
                names.setdefault(name, FormerName(kind, name, each.commit, new))
    return Former(names, paths, basenames)


def component_name(kind: Kind, path: str) -> str:
    """Return the name of the component whose file stands at ``path``."""
    parts = path.split("/")
    if kind == "skill":
        return parts[-2] if len(parts) > 1 else ""
    return parts[-1].removesuffix(".md")
