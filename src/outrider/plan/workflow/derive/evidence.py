"""What a step's text names, as evidence: commands, tools, skills, subagents, files, and a few verbs.

A title says what a step is about, so it is asked first; the text below it only where the title says
nothing. Little and right is better than much: at most three pieces for a step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outrider.kernel.limits import LABEL_CHARS, STEP_TEXT_CHARS

_MOST = 3
_CODE = re.compile(r"^```(?P<language>[\w-]*)[^\n]*\n.*?^```", re.DOTALL | re.MULTILINE)
_CONDITIONAL = re.compile(r"^[ \t]*(?:if|elif|for|while|#)(?=[ \t]).*$", re.MULTILINE)
_SHELL = ("bash", "sh", "shell", "console", "zsh")
_SKILL = re.compile(
    r"(?<![\w:-])[\w-]+:([a-z][a-z0-9]+(?:-[a-z0-9]+)+)\b"
    r"|(?<!by )(?<![\w:-])([a-z][a-z0-9]+(?:-[a-z0-9]+)+)`?\*{0,2}\s{1,3}skill\b"
)
_MCP = re.compile(r"\bmcp__([\w-]{1,80}?)__([\w-]{1,80})\b")
_MCP_TOOL = re.compile(r"\b([a-z]+(?:_[a-z]+)+)\b`?\s{1,3}(?:mcp\s{1,3})?tool\b", re.IGNORECASE)
_NO_PLUGINS = ("http", "https", "workflow", "file", "localhost")

_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "edit.test",
        (
            r"\b(?:write|create|add)\w*\s(?:\w+\s){0,3}(?:failing\s)?(?:unit\s)?tests?\b",
            r"\bred\b(?=.{0,20}(?:test|fail))",
        ),
    ),
    (
        "test.fail",
        (
            r"\b(?:see|watch|verify|confirm|ensure|run)\w*\b[^.\n]{0,40}\bfail(?!ure)",
            r"\bfailing test",
            r"must fail",
            r"should fail\b",
        ),
    ),
    (
        "test.pass",
        (
            r"\b(?:watch|see|verify|confirm)\w*\b.{0,30}\bpass",
            r"\bverify (?:the )?(?:tests|clean baseline|baseline)\b",
            r"\btests? pass",
        ),
    ),
    (
        "test.run",
        (
            r"\b(?:re-?run|run|execute)\w*\s(?:\w+\s){0,4}(?:tests?|test suites?|verifications?)\b",
            (
                r"\b(?:pytest|vitest|jest|cargo test|go test|npm (?:run )?test|pnpm test|yarn test|"
                r"bun test)\b"
            ),
        ),
    ),
    (
        "edit.src",
        (
            r"\b(?:edit|change|write)\s(?:the\s)?(?:\w+\s)?(?:code|source|implementation)\b",
            r"\b(?:minimal|least|production) code\b",
        ),
    ),
    ("test.run | build.run | lint.run", (r"\b(?:run|execute)\s(?:the\s)?(?:full\s|proving\s)?command\b",)),
    (
        "claim.done",
        (
            r"\bmake the claim\b",
            r"\bclaim (?:done|completion|success)\b",
        ),
    ),
    (
        "build.pass",
        (
            r"\b(?:npm|pnpm|yarn|cargo|make|go)\s(?:run\s)?build\b",
            r"\bbuild (?:passes|succeeds)",
            r"\brun (?:the )?build\b",
        ),
    ),
    ("lint.run", (r"\b(?:eslint|ruff|lint(?:er|ing)?|type-?check(?:er|ing|s)?|tsc|mypy)\b",)),
    (
        "git.worktree",
        (
            r"\bgit worktree\b",
            r"\bcreate\w*\s(?:\w+\s){0,3}worktree",
            r"\bisolated workspace\b",
        ),
    ),
    (
        "pr.create",
        (
            r"\bgh pr create\b",
            r"\b(?:create|open|submit)\w*\s(?:\w+\s){0,3}(?:pr|pull request)s?\b(?! template)",
        ),
    ),
    (
        "git.push",
        (
            r"\bgit push\b",
            r"\bpush (?:to|the|and|branch)\b",
        ),
    ),
    (
        "git.merge",
        (
            r"\bgit merge\b",
            r"\bmerge (?:back|locally|the branch|into)\b",
        ),
    ),
    (
        "git.commit",
        (
            r"\bgit commit\b",
            r"\bcommit (?:the|your|changes|it|them|and|with|after)\b",
            r"\band commit\b",
            r"^commit\b",
        ),
    ),
    (
        "diff.read",
        (
            r"\bgit (?:diff|show|log)\b",
            r"\brecent (?:changes|commits)\b",
            r"\bcheck what changed\b",
        ),
    ),
    (
        "review",
        (
            r"\b(?:request|dispatch|run|perform|conduct|do)\w*\s(?:\w+\s){0,4}review(?:er)?s?\b",
            r"\bcode[ -]?review(?:er)?\b",
            r"(?<!self-)(?<!flight )\breview$",
            r"\breview(?:er)? subagents?\b",
            r"\bre-?review\b",
        ),
    ),
    (
        "agent:*",
        (
            (
                r"\b(?:dispatch|launch|spawn|delegate|start)\w*\s(?:\w+\s){0,4}(?:sub-?agents?|agents?|"
                r"implementer|researcher)\b"
            ),
            r"\b(?:task|agent) tool\b",
            r"\bsub-?agents?\s(?:implements?|to)\b",
            r"\bin parallel\b.{0,30}\bagents?\b",
            r"\bdispatch\w*\s(?:\w+\s){0,3}in parallel\b",
            r"\bagent tasks?\b",
        ),
    ),
    ("ask.user", (r"\baskuserquestion\b",)),
    (
        "ask.user | prompt",
        (
            r"\bask\w*\s(?:\w+\s){0,3}(?:user|human|partner|questions?|clarif\w*)\b",
            r"\bclarifying questions?\b",
            r"\b(?:user|partner|human)\w*\s(?:\w+\s){0,2}(?:approv|review|confirm|choos|decid)",
            r"\bpresent\w*\s(?:\w+\s){0,3}(?:options|design|plan|approaches|findings|choices)\b",
            r"\bget (?:user )?approval\b",
            r"\bpropose\b",
            r"\boffer\b",
            r"\b(?:wait for|get|obtain)\s(?:\w+\s){0,3}(?:approval|confirmation)\b",
            r"\breport\b",
        ),
    ),
    (
        "task.start | task.done",
        (
            r"\btodowrite\b",
            r"\btaskcreate\b",
            r"\bcreate\w*\s(?:\w+\s){0,3}todos?\b",
            r"\bmark\w*\s(?:\w+\s){0,3}(?:complete|in_progress)",
        ),
    ),
    ("web", (r"\b(?:websearch|webfetch|search the web|web search|fetch)\b",)),
    (
        "edit.docs | edit.src",
        (
            (
                r"\b(?:write|save|create|update|draft|append|document|"
                r"generate)\w*\s(?:\w+\s){0,4}(?:docs?|documentation|document|plan|spec(?:ification)?|"
                r"report|readme|changelog|file|ledger|issues?|summary|design|memo|template|roadmap|"
                r"constitution|skill)s?\b"
            ),
            r"\bdocument (?:the|all|each|every|your|exact|decision|findings?|results?)\b",
            r"\w\.md\b",
        ),
    ),
    (
        "edit.*",
        (
            (
                r"\b(?:implement\w*|write\s(?:\w+\s){0,3}code|minimal code|fix(?:es|ing)?\b|refactor\w*|"
                r"clean up|apply\w*|modify|edit|remove|delete|update|replace|migrate|integrate|install\w*|"
                r"configure|set up|scaffold|execute tasks?)\b"
            ),
        ),
    ),
    (
        "read | search",
        (
            (
                r"\b(?:read|review|analy[sz]e|examine|investigat\w*|inspect|understand|load|study|trace|"
                r"compare|identify|identification|gather|explore|check|detect\w*|determine|assess|evaluate|verify|"
                r"validate|reproduce|scan|collect|discover|diagnose|audit|survey|observe|find|search|"
                r"locate|grep|list|root cause|pattern analysis|research)\b"
            ),
        ),
    ),
)
_PROOFS = ("edit.test", "test.", "build.", "lint.")
"""What the text under a title that only says "change something" may add to it."""
_RUNS = ("test.run", "test.pass", "build.", "lint.")
_VERIFYING = re.compile(r"\bverif|\bvalidat", re.IGNORECASE)
"""Titles of steps that something is run in, where the text below says what."""

_COMPILED = tuple((re.compile("|".join(signs), re.IGNORECASE), activity) for activity, signs in _SIGNS)
_WEAK = ("edit.*", "read | search", "edit.docs | edit.src", "ask.user | prompt")
"""Evidence from a verb alone, taken from a text only where nothing else is found."""


def evidence_in(title: str, text: str) -> tuple[str, ...]:
    """Return the patterns of what ``title`` names, else of what ``text`` does, in the order of naming."""
    own = _first(_named_in(title[:LABEL_CHARS]), weak_too=True)
    if own and not all(each in _WEAK for each in own):
        return own
    prose = _prose(text[:STEP_TEXT_CHARS])
    below = _first(_named_in(prose), weak_too=False)
    if own == ("edit.*",):
        return (*own, *(each for each in below if each.startswith(_PROOFS)))[:_MOST]
    if own and _VERIFYING.search(title):
        return tuple(each for each in below if each.startswith(_RUNS)) or own
    return (own or below or _first(_named_in(prose), weak_too=True))[:_MOST]


def _first(found: Iterator[tuple[int, str]], *, weak_too: bool) -> tuple[str, ...]:
    ranked = [activity for _, activity in sorted(found) if weak_too or activity not in _WEAK]
    if "test.pass" in ranked or "test.fail" in ranked:
        ranked = [activity for activity in ranked if activity != "test.run"]
    strong = [activity for activity in ranked if activity not in _WEAK]
    return tuple(dict.fromkeys(strong or ranked))[: _MOST if strong else 1]


def _named_in(text: str) -> Iterator[tuple[int, str]]:
    for match in _MCP.finditer(text):
        yield match.start(), f"mcp:{match[1]}.{match[2]}"
    for match in _MCP_TOOL.finditer(text):
        yield match.start(), f"mcp:*.{match[1].lower()}"
    for match in _SKILL.finditer(text):
        name = match[1] or match[2]
        if match[0].partition(":")[0].lower() not in _NO_PLUGINS:
            yield match.start(), f"skill:{name}"
    for pattern, activity in _COMPILED:
        if sign := pattern.search(text):
            yield sign.start(), activity


def _prose(text: str) -> str:
    """Return a text without code examples; of commands for a shell those stay that are run in any case."""
    return _CODE.sub(
        lambda match: _CONDITIONAL.sub("", match[0]) if match["language"].lower() in _SHELL else "", text
    )
