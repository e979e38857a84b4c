"""Settings of lint: which rules hold where. They come from `[lint]` of `outrider.toml` and the command "
"line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from outrider.judge.lint.case import Profile
from outrider.judge.lint.catalogue import RULES, Rule
from outrider.judge.lint.finding import Finding
from outrider.kernel.globs import glob_fault, matches_path
from outrider.plan.workflow.mistakes import did_you_mean

_KEYS = ("profile", "select", "ignore", "paths", "exclude", "baseline")


class PathRules(NamedTuple):
    """Rules that do not hold for paths that a glob matches."""

    glob: str
    ignore: tuple[str, ...]


@dataclass(frozen=True)
class LintSettings:
    """Which rules hold. ``select`` adds rules that are off, or, when it is not empty by itself, nothing else.

    Codes may be cut short: `OR1` means all that begin so; `all` means every rule.
    """

    profile: Profile = "claude-code"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    paths: tuple[PathRules, ...] = ()
    exclude: tuple[str, ...] = ()
    baseline: str = ""
    only: tuple[str, ...] = field(default=())

    def holds(self, finding: Finding) -> bool:
        """Tell whether a finding is wanted."""
        if self.only and not _names(self.only, finding.code):
            return False
        if _names(self.ignore, finding.code) or any(
            matches_path(glob, finding.path) for glob in self.exclude
        ):
            return False
        if any(
            matches_path(each.glob, finding.path) and _names(each.ignore, finding.code) for each in self.paths
        ):
            return False
        rule = RULES.get(finding.code)
        return rule is None or rule.tier != "off" or _names((*self.select, *self.only), finding.code)


def read_settings(table: Mapping[str, Any]) -> tuple[LintSettings, list[str]]:
    """Return the settings that a `[lint]` table makes, and what is wrong with it, a sentence each."""
    faults = [
        f"`{key}` is no setting of lint{': ' + guess if (guess := did_you_mean(str(key), _KEYS)) else ''}"
        for key in table
        if key not in _KEYS
    ]
    profile = table.get("profile", "claude-code")
    if profile not in ("claude-code", "portable"):
        faults.append(f"`profile` is `claude-code` or `portable`, not `{profile}`")
        profile = "claude-code"
    settings = LintSettings(
        profile,
        _codes(table.get("select", []), "select", faults),
        _codes(table.get("ignore", []), "ignore", faults),
        _path_rules(table.get("paths", {}), faults),
        _texts(table.get("exclude", []), "exclude", faults),
        str(table.get("baseline", "")),
    )
    return settings, faults


def code_faults(codes: tuple[str, ...]) -> list[str]:
    """Return what is wrong with codes given by a person."""
    return [
        f"`{code}` is no rule{': ' + guess if (guess := did_you_mean(code, _known())) else ''}"
        for code in codes
        if code != "all" and not any(_is_named(code, rule) for rule in RULES.values())
    ]


def _known() -> list[str]:
    return [*RULES, *(rule.slug for rule in RULES.values())]


def _is_named(code: str, rule: Rule) -> bool:
    return rule.slug == code or (code.startswith("OR") and rule.code.startswith(code))


def _names(codes: tuple[str, ...], code: str) -> bool:
    return any(each == "all" or (code in RULES and _is_named(each, RULES[code])) for each in codes)


def _codes(value: object, key: str, faults: list[str]) -> tuple[str, ...]:
    codes = _texts(value, key, faults)
    faults += code_faults(codes)
    return codes


def _texts(value: object, key: str, faults: list[str]) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        if key == "exclude":
            faults += [f"`exclude`: {fault}" for each in value if (fault := glob_fault(each))]
        return tuple(value)
    faults.append(f"`{key}` is a list of texts")
    return ()


def _path_rules(value: object, faults: list[str]) -> tuple[PathRules, ...]:
    if not isinstance(value, dict):
        faults.append("`paths` is a table: glob = [codes]")
        return ()
    faults += [f"`paths`: {fault}" for glob in value if (fault := glob_fault(glob))]
    return tuple(PathRules(glob, _codes(codes, f"paths.{glob}", faults)) for glob, codes in value.items())
