"""Single facts out of a call's input, which is kept as JSON text."""

from __future__ import annotations

import json


def input_fact(text: str, key: str) -> str:
    """Return the string that ``key`` holds in a call's input, empty when there is none."""
    if f'"{key}"' not in text:
        return ""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    fact = value.get(key, "") if isinstance(value, dict) else ""
    return fact if isinstance(fact, str) else ""
