"""Where in a skill steps stand, and where what looks like steps is something else."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PROCESS = re.compile(
    r"\b(?:process|workflow|steps?|procedure|instructions?|phases?|how to|protocol|method(?:ology)?"
    r"|algorithm|loop|cycle|pattern|gate|sequence|approach|checklist|the flow|strategy|lifecycle|pipeline"
    r"|routine|your (?:job|task))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:examples?|anti-?patterns?|rationali[sz]ations?|red flags?|mistakes?|pitfalls?|faqs?"
    r"|troubleshooting|quick reference|when (?:not )?to (?:use|apply|stop|request|push)|when stuck"
    r"|references?|related|success criteria|principles?|templates?|formats?|output|resources?|see also"
    r"|notes?|tips|benefits|advantages|why|overview|background|real[- ]world|integration|error handling"
    r"|edge cases?|questions|remember|scope|philosophy|best practices|limitations|glossary|metrics"
    r"|appendix|techniques|signals|structure|failures?|rules?|constraints|guidelines|standards?"
    r"|definitions?|categories|types|options?|emergency|fallback)\b",
    re.IGNORECASE,
)


def is_process(title: str) -> bool:
    """Tell whether a heading announces how to proceed."""
    return bool(_PROCESS.search(title)) and not _ASIDE.search(title)


def is_aside(titles: Iterable[str]) -> bool:
    """Tell whether one of these headings says that what follows is no step: an example, a list of faults."""
    return any(_ASIDE.search(title) and not _PROCESS.search(title) for title in titles)
