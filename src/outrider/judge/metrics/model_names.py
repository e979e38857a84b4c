"""The names under which one model appears in a transcript.

A client writes the name that its endpoint gave it: Anthropic's own, dated or not, or the spelling of a
cloud or a relay. Each function here takes decorations off whole names, from a closed list, and never
looks for a part of a name: a guess by substring has priced one Opus at three times another's rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ROUTES = frozenset(
    {
        "anthropic",
        "azure",
        "azure_ai",
        "bedrock",
        "converse",
        "deepseek",
        "deepseek-ai",
        "gemini",
        "google",
        "invoke",
        "minimax",
        "minimaxai",
        "models",
        "moonshot",
        "moonshotai",
        "openai",
        "openrouter",
        "publishers",
        "qwen",
        "vertex_ai",
        "z-ai",
        "zai",
        "zai-org",
    }
)
"""Path segments that relays put before a model to say who makes or serves it."""

_CONTEXT = re.compile(r"\[\d+[km]\]$")
_ARN = re.compile(r"^arn:aws[a-z-]*:bedrock:[^/]*/")
_BEDROCK = re.compile(r"^(?:[a-z]{2,6}(?:-gov)?\.)?anthropic\.(claude-.+?)(?:-v\d+(?::\d+)?)?$")
_VERTEX = re.compile(r"@(\d{8}|latest|default)$")
_DATE = re.compile(r"-20\d\d(?:(?:0[1-9]|1[0-2])[0-3]\d|-(?:0[1-9]|1[0-2])-[0-3]\d)$")
_DOT = re.compile(r"(?<=\d)\.(?=\d)")


def spellings(model: str) -> Iterator[str]:
    """Yield the names to look ``model`` up by, the exact one first, each less particular than the last.

    A dated name comes before its undated one, as a date can have a price of its own. Decorations known:
    ``[1m]``; OpenRouter's and LiteLLM's path prefixes; Bedrock's region, vendor and ``-v1:0``, and its
    ARNs; Vertex's ``@20250929``; ``-20250929``, ``-2025-09-29`` and ``-latest``; ``claude-opus-4.5`` for
    ``claude-opus-4-5``. Any other decoration leaves a name that no table has.
    """
    name = model.strip().lower()
    yield name
    name = _CONTEXT.sub("", name)
    yield name
    bare = _without_route(name)
    yield bare
    dated = _VERTEX.sub(r"-\1", bare)
    yield dated
    undated = _DATE.sub("", dated)
    for ending in ("-latest", "-default"):
        undated = undated.removesuffix(ending)
    yield undated
    if undated.startswith("claude-"):
        yield _DOT.sub("-", dated)
        yield _DOT.sub("-", undated)


def _without_route(name: str) -> str:
    name = _ARN.sub("", name)
    while True:
        first, slash, rest = name.partition("/")
        if not slash or first not in _ROUTES:
            break
        name = rest
    return _BEDROCK.sub(r"\1", name)
