"""Findings of lint as JSON, SARIF 2.1.0, GitHub annotations and plain lines.

SARIF: OASIS standard 2.1.0 (sarif-schema-2.1.0.json). Annotations: GitHub's workflow commands, whose values
escape `%`, line ends and, in properties, `:` and `,`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from outrider import __version__
from outrider.judge.lint.catalogue import RULES
from outrider.judge.lint.finding import Finding, Severity
from outrider.kernel.inert import inert

Json = dict[str, Any]
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def lint_json(findings: Sequence[Finding], suppressed: int = 0, known: int = 0) -> Json:
    """Return `outrider.lint/1`."""
    counts = Counter(finding.severity for finding in findings)
    return {
        "schema": "outrider.lint/1",
        "findings": [_finding_json(finding) for finding in findings],
        "summary": {
            **{name: counts.get(name, 0) for name in _LEVELS},
            "suppressed": suppressed,
            "baseline": known,
        },
    }


def _finding_json(finding: Finding) -> Json:
    fix = finding.fix
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": inert(finding.message),
        "fix": None
        if fix is None
        else {
            "title": inert(fix.title),
            "safe": fix.safe,
            "edits": [
                {"path": edit.path, "start": edit.start, "end": edit.end, "text": edit.text}
                for edit in fix.edits
            ],
        },
    }


def sarif(findings: Sequence[Finding]) -> Json:
    """Return a SARIF log with one run."""
    codes = sorted({finding.code for finding in findings} & set(RULES))
    driver = {
        "name": "outrider",
        "version": __version__,
        "rules": [_rule_json(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the folder that was linted"}}},
        "results": [_result(finding, codes) for finding in findings],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _rule_json(code: str) -> Json:
    rule = RULES[code]
    return {
        "id": code,
        "name": "".join(part.capitalize() for part in rule.slug.split("-")),
        "shortDescription": {"text": rule.title},
        "help": {"text": f"docs/rules/{code}.md says why, with a bad and a good example"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, codes: list[str]) -> Json:
    place: Json = {"artifactLocation": {"uri": _uri(finding.path), "uriBaseId": "SRCROOT"}}
    place["region"] = {"startLine": max(finding.line, 1), "startColumn": max(finding.column, 1)}
    result: Json = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": inert(finding.message)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"outrider/v1": f"{finding.code}:{_uri(finding.path)}:{inert(finding.about)}"},
    }
    if finding.code in codes:
        result["ruleIndex"] = codes.index(finding.code)
    return result


def _uri(path: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - a slow import that only this form needs

    return quote(path, safe="/") or "."


def github_lines(findings: Iterable[Finding]) -> Iterable[str]:
    """Yield the workflow commands that annotate a pull request."""
    for finding in findings:
        where = (
            f"file={_property(finding.path)},line={finding.line},col={finding.column},title={finding.code}"
        )
        yield f"::{_COMMANDS[finding.severity]} {where}::{_escaped(finding.message)}"


def _escaped(text: str) -> str:
    return inert(text).replace("%", "%25")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def text_lines(findings: Sequence[Finding], suppressed: int, known: int, checked: str) -> Iterable[str]:
    """Yield findings as a person reads them, grouped by file, with a closing line."""
    path = None
    for finding in findings:
        if finding.path != path:
            if path is not None:
                yield ""
            path = finding.path
            yield inert(path) or "."
        fix = "  [fix]" if finding.fix else ""
        yield f"  {finding.line:>4}  {finding.severity:<7}  {finding.code}  {inert(finding.message)}{fix}"
    if findings:
        yield ""
    yield _closing(findings, suppressed, known, checked)


def _closing(findings: Sequence[Finding], suppressed: int, known: int, checked: str) -> str:
    counts = Counter(finding.severity for finding in findings)
    said = ", ".join(
        f"{counts[name]} {name}{'s' if counts[name] != 1 and name != 'info' else ''}"
        for name in _LEVELS
        if counts[name]
    )
    fixable = sum(finding.fix is not None for finding in findings)
    parts = [f"{checked}: {said or 'nothing found'}"]
    if fixable:
        parts.append(f"{fixable} can be mended by --fix (with --unsafe where the meaning may change)")
    if suppressed:
        parts.append(f"{suppressed} suppressed in the text")
    if known:
        parts.append(f"{known} known from the baseline")
    return "; ".join(parts)
