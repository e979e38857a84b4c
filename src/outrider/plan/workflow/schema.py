"""The JSON schema of workflow files, for editors that complete and check YAML.

It says what can be said about shapes; what patterns, orders and rules mean is checked when the file is read.
"""

from __future__ import annotations

from typing import Any, Final

from outrider.kernel.limits import (
    LABEL_CHARS,
    PATTERN_ALTERNATIVES,
    WORKFLOW_ITEMS,
    WORKFLOW_TEXT_CHARS,
)
from outrider.plan.workflow.limit_text import COUNT_PATTERN, LIMIT_KEYS, MONEY_PATTERN, TIME_PATTERN, Kind
from outrider.plan.workflow.rule_text import FORMS_TEXT, SCOPES
from outrider.plan.workflow.step_reading import MODES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
IDENTITY: Final = "urn:outrider:workflow-file:1"

_PLAIN_NAME = r"^[^\s:|>?+()\"'-][^\s:|>?+()\"']*$"


def workflow_schema() -> dict[str, Any]:
    """Return the schema of a workflow file (draft 2020-12)."""
    return {
        "$schema": DIALECT,
        "$id": IDENTITY,
        "title": "Outrider workflow",
        "description": "What a skill prescribes: steps, their order, rules and limits.",
        "type": "object",
        "required": ["skill"],
        "additionalProperties": False,
        "properties": {
            "skill": {
                "type": "string",
                "minLength": 1,
                "maxLength": LABEL_CHARS,
                "description": "The name of the skill.",
            },
            "steps": _steps(),
            "order": {
                **_text("`>` then, `|` or, `?` may be left out, `+` may come again, parentheses group."),
                "maxLength": 10 * WORKFLOW_TEXT_CHARS,
            },
            "rules": {"type": "array", "maxItems": WORKFLOW_ITEMS, "items": _rule()},
            "limits": {"$ref": "#/$defs/limits"},
            "mode": {"$ref": "#/$defs/mode"},
        },
        "patternProperties": {r"^steps\..+\.limits$": {"$ref": "#/$defs/limits"}},
        "$defs": {"limits": _limits(), "mode": _mode(), "step": _step(), "texts": _texts()},
    }


def _steps() -> dict[str, Any]:
    return {
        "type": "object",
        "maxProperties": WORKFLOW_ITEMS,
        "propertyNames": {"pattern": _PLAIN_NAME},
        "additionalProperties": {"$ref": "#/$defs/step"},
        "description": "The steps by their names.",
    }


def _step() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": ["evidence"]}, {"required": ["marks"]}],
        "properties": {
            "title": _text("The step in a few words."),
            "evidence": {
                "$ref": "#/$defs/texts",
                "description": "Activities: any shows that the step is at work, all that it was done.",
            },
            "optional": {"type": "boolean", "description": "The step may be left out."},
            "marks": {"$ref": "#/$defs/texts", "description": "Texts by which a run announces the step."},
            "limits": {"$ref": "#/$defs/limits"},
        },
    }


def _rule() -> dict[str, Any]:
    text = _text(f"{FORMS_TEXT}; `per {'|'.join(SCOPES)}` may end each.")
    text["pattern"] = r"^\s*(before|after|at\s+most|never)\s"
    mapping = {
        "type": "object",
        "required": ["rule"],
        "additionalProperties": False,
        "properties": {
            "rule": text,
            "mode": {"$ref": "#/$defs/mode"},
            "why": _text("One sentence, shown with the finding."),
            "by": _text(
                "The skill that does what the rule asks for, with its plugin: `wrangler:creating-issues`."
            ),
        },
    }
    return {"oneOf": [text, mapping]}


def _limits() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _limit(key.kind) for key in LIMIT_KEYS},
        "description": "How much may be used; a warning comes at 80 %.",
    }


def _limit(kind: Kind) -> dict[str, Any]:
    if kind == "time":
        return {
            "type": "string",
            "minLength": 2,
            "pattern": f"^{TIME_PATTERN}$",
            "examples": ["45m", "1h30m"],
        }
    if kind == "money":
        return {"type": "string", "pattern": f"^{MONEY_PATTERN}$", "examples": ["5 USD"]}
    text = {"type": "string", "pattern": f"^{COUNT_PATTERN}$"}
    return {"anyOf": [{"type": "integer", "minimum": 1}, text], "examples": [300, "600k", "2M"]}


def _mode() -> dict[str, Any]:
    return {
        "enum": list(MODES),
        "description": "What a broken rule does: be recorded, be hinted at, be refused.",
    }


def _texts() -> dict[str, Any]:
    text = _text("")
    return {
        "anyOf": [text, {"type": "array", "minItems": 1, "maxItems": PATTERN_ALTERNATIVES, "items": text}]
    }


def _text(description: str) -> dict[str, Any]:
    shape = {"type": "string", "minLength": 1, "maxLength": WORKFLOW_TEXT_CHARS}
    return {**shape, "description": description} if description else shape
