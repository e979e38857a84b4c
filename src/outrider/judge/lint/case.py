"""What the rules look at: a collection with its references and the settings that hold for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from outrider.judge.lint.catalogue import RULES
from outrider.judge.lint.finding import Finding, Fix, Severity
from outrider.kernel import limits
from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.components import HOST_FOLDERS
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.references import References
from outrider.plan.plugin.scope import PageScope, page_scope

Profile = Literal["claude-code", "portable"]
"""Whose rules for front matter hold: Claude Code's, or those of the open Agent Skills standard."""


@dataclass(frozen=True, eq=False)
class Case:
    """A collection to be judged."""

    collection: Collection
    profile: Profile = "claude-code"
    constants: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def references(self) -> References:
        """The references of the collection."""
        return References(self.collection)

    @cached_property
    def scopes(self) -> Mapping[str, PageScope]:
        """What each page is as a whole."""
        return {path: page_scope(page) for path, page in self.collection.pages.items()}

    def living_pages(self) -> Iterator[Page]:
        """Yield the pages that speak of the collection as it is now."""
        for path, page in self.collection.pages.items():
            if self.scopes[path] == "plugin":
                yield page

    def is_aside(self, path: str) -> bool:
        """Tell whether a file stands in a hidden folder that no host looks into."""
        return any(part[:1] == "." and part not in HOST_FOLDERS for part in path.split("/")[:-1])

    def is_loaded(self, path: str) -> bool:
        """Tell whether the model reads a page as a skill, command or agent, or a file of a skill."""
        return path in self.collection.by_path or self.collection.skill_of(path) is not None


def found(
    code: str,
    path: str,
    line: int,
    message: str,
    *,
    about: str = "",
    column: int = 1,
    fix: Fix | None = None,
    severity: Severity | None = None,
) -> Finding:
    """Return a finding of the rule ``code``, at its usual severity unless told another."""
    return Finding(code, severity or RULES[code].severity, path, line, column, message, about, fix)


def quoted(text: str, limit: int = 100) -> str:
    """Return foreign text as a message shows it, in backquotes and cut when it is long."""
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


def also_on(lines: list[int]) -> str:
    """Return what a message says of further lines with the same fault; empty for none."""
    if not lines:
        return ""
    shown = ", ".join(str(line) for line in lines[: limits.LINT_NAMED])
    more = f" and {len(lines) - limits.LINT_NAMED} more" if len(lines) > limits.LINT_NAMED else ""
    return f" (also on line{'s' if len(lines) > 1 else ''} {shown}{more})"
