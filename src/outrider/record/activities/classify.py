"""What a call means: the activities of one tool call, before it and after it.

Effects count by the result: a refused, unanswered or failed edit is no edit. A shell call gives its
parts in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from outrider.kernel.limits import LABEL_CHARS
from outrider.record.activities.activity import Activity, in_family
from outrider.record.activities.lookups import NONE
from outrider.record.activities.paths import is_elsewhere, placed
from outrider.record.activities.shell_calls import shell_happened
from outrider.record.activities.steps import steps_of
from outrider.record.activities.vocabulary import Vocabulary


def happened(
    tool: str,
    input: Mapping[str, object],  # noqa: A002 - the word of the record
    status: str,
    result: str,
    vocabulary: Vocabulary,
    *,
    cwd: str = "",
) -> tuple[Activity, ...]:
    """Return what one call did.

    ``status`` is a :data:`~outrider.record.session.CallStatus`; ``result`` may be an excerpt of head and
    tail; ``cwd`` is the folder of the session, to which paths below it are made relative. A subagent
    gives `agent:<type>`, which takes effect at its launch, before what it stands for at its result. A
    to-do list gives the state of all its items, not the changes.
    """
    call = _Call(tool, input, status, result, vocabulary, cwd)
    return tuple(_READ.get(tool, _other)(call))


def expected(
    tool: str,
    input: Mapping[str, object],  # noqa: A002
    vocabulary: Vocabulary,
    *,
    cwd: str = "",
) -> tuple[Activity, ...]:
    """Return what a call will do if all goes well.

    A check whose exit status nothing waits for (`pytest | tail; git push`) is only run: it passes no gate.
    """
    return happened(tool, input, "ok", "", vocabulary, cwd=cwd)


def is_known(tool: str, input: Mapping[str, object], vocabulary: Vocabulary) -> bool:  # noqa: A002
    """Tell whether the vocabulary speaks of a call, be it to say that it means nothing.

    A shell call is known when one of its parts is, apart from those that only prepare (`cd`, `echo`).
    """
    if tool == "Bash":
        command = input.get("command")
        steps = steps_of(command, vocabulary, "") if isinstance(command, str) else ()
        return any(step.known and step.fallible for step in steps) or all(step.known for step in steps)
    return tool in _READ or tool.startswith("mcp__") or vocabulary.has_tool(tool)


class _Call(NamedTuple):
    tool: str
    input: Mapping[str, object]
    status: str
    result: str
    vocabulary: Vocabulary
    cwd: str

    def text(self, *keys: str) -> str:
        """Return the first of the input's texts that is there."""
        return next((value for value in map(self.input.get, keys) if isinstance(value, str) and value), "")

    def is_done(self) -> bool:
        return self.status == "ok"

    def was_made(self) -> bool:
        """Tell whether the client made the call at all, whatever became of it."""
        if self.status == "refused":
            return False
        return self.status != "error" or not self.result.startswith(_NOT_MADE)


_NOT_MADE = ("<tool_use_error>", "InputValidationError", "Error: No such tool", "Agent type '")
_AGENT = "general-purpose"
"""The type of a subagent whose call names none."""


def _shell(call: _Call) -> Iterator[Activity]:
    if call.status in ("ok", "error"):
        yield from shell_happened(
            call.text("command"),
            call.status,
            call.result,
            call.vocabulary,
            cwd=call.cwd,
            background=call.input.get("run_in_background") is True,
        )


def _edit(call: _Call) -> Iterator[Activity]:
    path = placed(call.text("file_path", "notebook_path"), "", call.cwd)
    if not call.is_done() or not path or is_elsewhere(path):
        return
    if "/.claude/plans/" in path:
        yield Activity("plan", of=path)
    elif (kind := call.vocabulary.file_kind(path)) != NONE:
        yield Activity(f"edit.{kind}", of=path)


def _agent(call: _Call) -> Iterator[Activity]:
    kind = call.text("subagent_type")[:LABEL_CHARS] or _AGENT
    if call.was_made():
        yield in_family("agent", kind)
    if call.is_done():
        for word in call.vocabulary.of_agent(kind, call.text("description")):
            yield Activity(word, of=kind)


def _skill(call: _Call) -> Iterator[Activity]:
    name = call.text("skill", "command").removeprefix("/").partition(" ")[0][:LABEL_CHARS]
    if name and call.is_done():
        yield in_family("skill", name)
        for word in call.vocabulary.of_skill(name):
            yield Activity(word, of=name)


def _question(call: _Call) -> Iterator[Activity]:
    """A question that was not answered has been asked."""
    if call.was_made() or call.status == "refused":
        yield Activity("ask.user")


def _task(call: _Call) -> Iterator[Activity]:
    word = _STATES.get(call.text("status"))
    if word and call.is_done():
        yield Activity(word, of=call.text("taskId", "id")[:LABEL_CHARS])


def _list(call: _Call) -> Iterator[Activity]:
    items = call.input.get("todos")
    if not call.is_done() or not isinstance(items, list):
        return
    for item in items[:_ITEMS]:
        if isinstance(item, dict) and (word := _STATES.get(str(item.get("status")))):
            yield Activity(word, of=str(item.get("content") or item.get("id") or "")[:LABEL_CHARS])


_STATES = {"in_progress": "task.start", "completed": "task.done"}
_ITEMS = 200


def _other(call: _Call) -> Iterator[Activity]:
    """Any tool that needs no reading of its own, by the rules for tools."""
    if not call.is_done():
        return
    if call.tool.startswith("mcp__"):
        server, _, name = call.tool.removeprefix("mcp__").partition("__")
        yield Activity(f"mcp:{server}.{name}"[:LABEL_CHARS], of=name[:LABEL_CHARS])
    path = call.text("file_path", "notebook_path", "filePath", "path", "url")
    for word in call.vocabulary.of_tool(call.tool):
        yield Activity(word, of=path if "://" in path else placed(path, "", call.cwd))


_READ: Mapping[str, Callable[[_Call], Iterator[Activity]]] = {
    "Bash": _shell,
    "Edit": _edit,
    "Write": _edit,
    "MultiEdit": _edit,
    "NotebookEdit": _edit,
    "Task": _agent,
    "Agent": _agent,
    "Skill": _skill,
    "AskUserQuestion": _question,
    "TaskUpdate": _task,
    "TodoWrite": _list,
}
