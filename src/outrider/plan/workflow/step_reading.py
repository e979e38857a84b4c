"""Steps, limits and modes of a workflow file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, cast, get_args

from outrider.kernel.limits import PATTERN_ALTERNATIVES
from outrider.plan.workflow.limit_text import LIMIT_KEYS, parse_limit
from outrider.plan.workflow.mistakes import TextError, did_you_mean, shown
from outrider.plan.workflow.model import Limits, Mode, Pattern, Step
from outrider.plan.workflow.node_reading import Place, Taker
from outrider.plan.workflow.patterns import read_pattern
from outrider.plan.workflow.positions import MapNode, Node, TextNode

STEP_KEYS: Final = ("title", "evidence", "optional", "marks", "limits")
MODES: Final = get_args(Mode)
_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NEAR_TRUTHS: Final = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
_EVIDENCE_HINT: Final = "write `evidence: [edit.test, test.fail]`"

Places = dict[tuple[str, str], Place]


def unique_pairs(
    taker: Taker, node: Node, what: str, suggestion: str
) -> tuple[tuple[TextNode, Node], ...] | None:
    """Take a mapping and drop keys that stand in it already; None when it is no mapping."""
    if not isinstance(node, MapNode):
        taker.wrong(node, what, "a mapping", suggestion)
        return None
    first: dict[str, TextNode] = {}
    for key, _ in node.pairs:
        if first.setdefault(key.text, key) is not key:
            message = f"{shown(key.text)} stands in line {first[key.text].line} already"
            taker.at(key, "duplicate-key", message, "keep one of the two")
    return tuple(pair for pair in node.pairs if first[pair[0].text] is pair[0])


def read_step(taker: Taker, key: TextNode, node: Node, words: Collection[str], places: Places) -> Step:
    """Read one step; what is wrong in it is left out of it."""
    if isinstance(node, TextNode) and node.is_nothing:
        return Step(key.text, line=key.line)
    pairs = unique_pairs(
        taker, node, f"step {shown(key.text)}", _EVIDENCE_HINT.replace("write `", "write `{ ", 1)
    )
    found = {each.text: value for each, value in pairs or ()}
    for each, _ in pairs or ():
        if each.text not in STEP_KEYS:
            taker.unknown_key(each, STEP_KEYS, "a step")
    return Step(
        name=key.text,
        title=taker.label(found["title"], "a title", "write a few words") if "title" in found else "",
        evidence=_evidence(taker, found["evidence"], words) if "evidence" in found else (),
        optional=_truth(taker, found["optional"]) if "optional" in found else False,
        marks=_marks(taker, found["marks"]) if "marks" in found else (),
        limits=read_limits(taker, found["limits"], places, f"{key.text}.") if "limits" in found else Limits(),
        line=key.line,
    )


def read_limits(taker: Taker, node: Node, places: Places, prefix: str) -> Limits:
    """Read limits and remember where each stands, under `limit` or, with a ``prefix``, under `step limit`."""
    pairs = unique_pairs(taker, node, "`limits`", "write `limits: { time: 45m, cost: 5 USD }`") or ()
    keys = {key.name: key for key in LIMIT_KEYS}
    values: dict[str, Any] = {}
    for name, value in pairs:
        key = keys.get(name.text)
        if key is None:
            taker.unknown_key(name, keys, "`limits`")
            continue
        text = taker.text(value, "a limit", "write such as `45m`, `600k`, `5 USD`, `300`")
        if text is None:
            continue
        try:
            values[key.field] = parse_limit(text.text, key.kind)
        except TextError as mistake:
            taker.take_over(text, (mistake,))
        places["step limit" if prefix else "limit", prefix + key.name] = Place(value.line, value.column)
    return Limits(**values)


def read_mode(taker: Taker, node: Node) -> Mode | None:
    """Read a mode."""
    text = taker.text(node, "a mode", f"the modes are {_listed(MODES)}")
    if text is None:
        return None
    if text.text not in MODES:
        nearest = did_you_mean(text.text, MODES) or f"the modes are {_listed(MODES)}"
        taker.at(node, "bad-value", f"{shown(text.text)} is no mode", nearest)
        return None
    return cast(Mode, text.text)


def _evidence(taker: Taker, node: Node, words: Collection[str]) -> tuple[Pattern, ...]:
    found: dict[Pattern, None] = {}
    texts = taker.texts(node, "evidence", _EVIDENCE_HINT)
    if len(texts) > PATTERN_ALTERNATIVES:
        taker.at(
            node, "too-many", f"a step may have {PATTERN_ALTERNATIVES} patterns", "name what shows it best"
        )
        return ()
    for text in texts:
        reading = read_pattern(text.text, words)
        taker.take_over(text, reading.mistakes)
        if reading.value:
            found[reading.value] = None
    return tuple(found)


def _marks(taker: Taker, node: Node) -> tuple[str, ...]:
    hint = "write the text by which the step is announced"
    texts = taker.texts(node, "a mark", hint)
    if len(texts) > PATTERN_ALTERNATIVES:
        taker.at(node, "too-many", f"a step may have {PATTERN_ALTERNATIVES} marks", "name the usual ones")
        return ()
    return tuple(dict.fromkeys(mark for text in texts if (mark := taker.label(text, "a mark", hint))))


def _truth(taker: Taker, node: Node) -> bool:
    if isinstance(node, TextNode) and node.plain and node.text in _TRUTHS:
        return _TRUTHS[node.text]
    written = node.text.lower() if isinstance(node, TextNode) else ""
    better = _NEAR_TRUTHS.get(written, written if written in _TRUTHS else "true` or `false")
    taker.wrong(node, "`optional`", "`true` or `false`", f"write `{better}`")
    return False


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
