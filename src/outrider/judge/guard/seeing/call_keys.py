"""The key of a call: what makes two calls the same one.

Tool and arguments, in one order, without the fields in which a model describes what it does: the same call
comes with a new description every time. The family is the key without the part that a model varies while it
searches (a query, a pattern), so that other words for the same question can be told from other targets.
"""

from __future__ import annotations

from outrider.judge.guard.seeing import kinds, masking
from outrider.judge.guard.seeing.digests import digest
from outrider.kernel.limits import GUARD_DEPTH, GUARD_INPUT_CHARS, GUARD_ITEMS, GUARD_LABEL_CHARS


class CallKey:
    """One call by what it asks for; an edit has ``target``, ``content`` and ``before``."""

    __slots__ = ("before", "content", "family", "key", "kind", "label", "target", "words")

    def __init__(self, key: str, family: str, kind: str, label: str, words: frozenset[str]) -> None:
        self.key = key
        self.family = family
        self.kind = kind
        self.label = label
        self.words = words
        self.target = ""
        self.content = ""
        self.before = ""


def key_of(tool: str, given: object, folder: str = "") -> CallKey:
    """Return the key of a call of ``tool`` with input ``given`` in ``folder``; any input has one."""
    fields = given if isinstance(given, dict) else {"": given}
    command = fields.get("command")
    if isinstance(command, str) and tool != "SlashCommand":
        return _shell(tool, command, fields, folder)
    action = fields.get("action")
    kind = kinds.of_tool(f"{tool}_{action[:40]}" if isinstance(action, str) else tool)
    if kind == kinds.PLAN:
        return _named(tool, canonical(_statuses(fields)), "", kind, fields)
    kept = {name: value for name, value in fields.items() if name not in _PROSE}
    if kind == kinds.AGENT and isinstance(fields.get("prompt"), str):
        kept["prompt"] = masking.masked(str(fields["prompt"])[:GUARD_INPUT_CHARS])
    text = canonical(kept)
    about = {name: value for name, value in kept.items() if name not in _ASKING}
    family = canonical(about) if len(about) < len(kept) else text
    made = _named(tool, text, family, kind, kept)
    if kind == kinds.CHANGE:
        _add_edit(made, fields)
    elif kind == kinds.AGENT:
        _add_task(made, fields)
    return made


def canonical(value: object, depth: int = 0) -> str:
    """Return one text for equal values: names sorted, blanks folded, long strings as digests."""
    if isinstance(value, str):
        if len(value) > GUARD_INPUT_CHARS:
            return "#" + digest(value)
        return repr(" ".join(value.split()))
    if isinstance(value, dict) and depth < GUARD_DEPTH:
        items = sorted(((str(name), inner) for name, inner in value.items()), key=_first)[:GUARD_ITEMS]
        return "{" + ",".join(f"{name}:{canonical(inner, depth + 1)}" for name, inner in items) + "}"
    if isinstance(value, list | tuple) and depth < GUARD_DEPTH:
        return "[" + ",".join(canonical(inner, depth + 1) for inner in value[:GUARD_ITEMS]) + "]"
    return str(value)[:GUARD_INPUT_CHARS] if isinstance(value, int | float) or value is None else "?"


_PROSE = frozenset(
    (
        "description",
        "explanation",
        "thought",
        "thoughts",
        "reasoning",
        "rationale",
        "justification",
        "reason",
        "task_progress",
        "activeForm",
        "toolSummary",
        "timeout",
        "run_in_background",
        "dangerouslyDisableSandbox",
        "model",
        "intent",
        "purpose",
    )
)
_ASKING = frozenset(
    (
        "query",
        "q",
        "search",
        "pattern",
        "prompt",
        "question",
        "questions",
        "keywords",
        "regex",
        "glob",
        "search_term",
        "output_mode",
        "head_limit",
        "-n",
        "-i",
        "-A",
        "-B",
        "-C",
        "multiline",
        "max_results",
        "type",
    )
)
_PLACES = ("file_path", "notebook_path", "path", "filePath", "filename", "file")
_NEW = ("new_string", "content", "new_str", "new_source", "replacement", "edits", "text", "diff", "patch")
_OLD = ("old_string", "old_str", "search", "find")


def _first(item: tuple[str, object]) -> str:
    return item[0]


def _named(tool: str, text: str, family: str, kind: str, fields: dict[object, object]) -> CallKey:
    label = tool[:GUARD_LABEL_CHARS]
    words = frozenset(
        word for value in fields.values() if isinstance(value, str) for word in _argument_words(value)
    )
    return CallKey(digest(tool + "\0" + text), digest(tool + "\0" + family), kind, label, words)


def _argument_words(value: str) -> list[str]:
    """List the words of an argument that a message may quote: the whole, its words, its last path part."""
    short = value[:400]
    words = [short, *short.split()]
    if "/" in short:
        words += [part.rsplit("/", 1)[-1] for part in short.split()]
    return [word for word in words if len(word) > 2]


def _shell(tool: str, command: str, fields: dict[object, object], folder: str) -> CallKey:
    from outrider.judge.guard.seeing import shell_text

    shell = shell_text.read(command, folder)
    label = f"{tool} {shell.label}".strip()[:GUARD_LABEL_CHARS]
    words = frozenset(word for word in _argument_words(command[:400].replace("'", " ").replace('"', " ")))
    made = CallKey(
        digest(f"{tool}\0{shell.text}"), digest(f"{tool}\0{shell.family}"), shell.kind, label, words
    )
    if shell.kind == kinds.CHANGE:
        made.target = "shell"
    if fields.get("run_in_background") is True and shell.kind == kinds.CHECK:
        made.kind = kinds.ACT
    return made


def _add_edit(made: CallKey, fields: dict[object, object]) -> None:
    place = next((fields[name] for name in _PLACES if isinstance(fields.get(name), str)), "")
    made.target = digest(str(place).removeprefix("./")) if place else ""
    new = next((fields[name] for name in _NEW if name in fields), None)
    old = next((fields[name] for name in _OLD if name in fields), None)
    made.content = digest(canonical(new)) if new is not None else ""
    made.before = digest(canonical(old)) if old is not None else ""


def _add_task(made: CallKey, fields: dict[object, object]) -> None:
    """Give a delegated task its places as family, and its template (length and beginning) as target."""
    prompt = fields.get("prompt")
    words = prompt[:GUARD_INPUT_CHARS].split() if isinstance(prompt, str) else []
    places = sorted(
        {word.strip(".,:;()'\"`") for word in words if "/" in word or "." in word.strip(".,:;()'\"`")}
    )
    made.family = digest(" ".join(places))
    made.target = digest(f"{len(words)} {words[:2]}")


def _statuses(fields: dict[object, object]) -> object:
    """Reduce a plan to its states: other words for the same plan are no progress."""
    for name in ("todos", "plan", "items", "steps"):
        items = fields.get(name)
        if isinstance(items, list):
            return [item.get("status") if isinstance(item, dict) else "" for item in items[:GUARD_ITEMS]]
    kept = {name: value for name, value in fields.items() if name not in _PROSE}
    return "plan" if isinstance(kept.get("plan"), str) else kept
