"""Front matter: the YAML between two lines of dashes at the top of a Markdown file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from outrider.plan.workflow.model import Mistake
from outrider.plan.yaml_text import Plain, yaml_value

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands there. ``lines`` counts its lines with both dashes, 0 where there is none.

    ``fault`` says why it could not be read as YAML; ``values`` then hold what its plain lines say, as hosts
    read them. ``raw`` is the text between the dashes; its first line is line 2 of the file.
    """

    values: dict[str, Plain] = field(default_factory=dict)
    fault: Mistake | None = None
    lines: int = 0
    raw: str = ""


def read_front_matter(text: str) -> FrontMatter:
    """Read the front matter of a text whose lines end with a newline alone."""
    match = _FRONT.match(text)
    if match is None:
        return FrontMatter()
    lines, raw = match[0].count("\n"), match[1]
    value = yaml_value(raw) if raw.strip() else {}
    if isinstance(value, dict):
        return FrontMatter(value, None, lines, raw)
    fault = value if isinstance(value, Mistake) else Mistake(1, 1, "wrong-type", "front matter is no mapping")
    return FrontMatter(_plain_lines(raw), replace(fault, line=fault.line + 1), lines, raw)


def _plain_lines(text: str) -> dict[str, Plain]:
    """Read `key: value` lines of front matter that is no YAML, as hosts do."""
    pairs = (line.partition(":") for line in text.split("\n") if ":" in line and line[:1].isalpha())
    return {key.strip(): value.strip() for key, _, value in pairs}
