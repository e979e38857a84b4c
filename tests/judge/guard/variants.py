"""A third set, written from the definitions alone: each kind of loop, each situation reported as a false alarm.

Every kind has three variants with different tools, every variant a short form (just above the least that the
definition asks for) and a long one, and every trace is told in each of the shapes that a client may send.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Fields = dict[str, Any]
Maker = Callable[["Script", int], None]
SHAPES = ("full", "texts", "flags", "bare", "blocks")


class Variant(NamedTuple):
    kind: str
    name: str
    is_loop: bool
    make: Maker
    lengths: tuple[int, int]


class Script:
    """Events as one client tells them: ``full`` all events and structured results, ``texts`` without batches,
    ``flags`` failures as a result with a flag, ``bare`` without ids, folder and batches, ``blocks`` content blocks.
    """

    def __init__(self, shape: str) -> None:
        self.shape = shape
        self.now = 1_780_000_000.0
        self.events: list[tuple[float, Fields]] = []
        self.count = 0
        self.prompt("Please get the shop ready for the release.")

    def put(self, event: str, agent: str = "", **fields: Any) -> None:
        made: Fields = {"session_id": "s-1", "hook_event_name": event}
        if self.shape != "bare":
            made["cwd"] = "/home/user/shop"
        if agent:
            made |= {"agent_id": agent, "agent_type": "reviewer"}
        self.events.append((self.now, made | fields))

    def prompt(self, text: str, gap: float = 30.0) -> None:
        self.now += gap
        self.put("UserPromptSubmit", prompt=text)
        self.now += 4

    def stop(self, text: str, again: bool = False) -> None:
        self.now += 3
        self.put("Stop", stop_hook_active=again, last_assistant_message=text)

    def call(
        self,
        tool: str,
        given: Fields,
        said: Any,
        bad: bool = False,
        gap: float = 4.0,
        took: float = 0.5,
        agent: str = "",
    ) -> None:
        self.reply([(tool, given, said, bad)], gap, took, agent)

    def reply(
        self, calls: list[tuple[str, Fields, Any, bool]], gap: float = 4.0, took: float = 0.5, agent: str = ""
    ) -> None:
        self.now += gap
        common = []
        for tool, given, _, _ in calls:
            self.count += 1
            fields: Fields = {"tool_name": tool, "tool_input": given}
            if self.shape != "bare":
                fields["tool_use_id"] = f"toolu_{self.count:05d}"
            common.append(fields)
            self.put("PreToolUse", agent, **fields)
        self.now += took
        for fields, (tool, _, said, bad) in zip(common, calls, strict=True):
            self.answer(fields, tool, said, bad, agent)
        if self.shape in ("full", "blocks"):
            rows = [
                {**fields, "tool_response": said}
                for fields, (_, _, said, _) in zip(common, calls, strict=True)
            ]
            self.put("PostToolBatch", agent, tool_calls=rows)

    def answer(self, fields: Fields, tool: str, said: Any, bad: bool, agent: str) -> None:
        if bad and self.shape == "flags":
            self.put("PostToolUse", agent, **fields, tool_response={"is_error": True, "content": said})
        elif bad:
            self.put("PostToolUseFailure", agent, **fields, error=said)
        else:
            self.put("PostToolUse", agent, **fields, tool_response=self.shaped(tool, said))

    def shaped(self, tool: str, said: Any) -> Any:
        if not isinstance(said, str) or self.shape in ("texts", "bare"):
            return said
        if self.shape == "blocks" or tool.startswith("mcp__"):
            return [{"type": "text", "text": said}]
        if tool == "Bash":
            return {"stdout": said, "stderr": "", "interrupted": False, "isImage": False}
        if tool == "Read":
            return {
                "type": "text",
                "file": {"content": said, "numLines": said.count("\n") + 1, "startLine": 1},
            }
        return said

    def refuse(self, tool: str, given: Fields, words: str, gap: float = 4.0) -> None:
        self.now += gap
        self.count += 1
        fields: Fields = {"tool_name": tool, "tool_input": given}
        if self.shape != "bare":
            fields["tool_use_id"] = f"toolu_{self.count:05d}"
        self.put("PreToolUse", **fields)
        self.now += 0.2
        if self.shape == "flags":
            self.put("PostToolUse", **fields, tool_response={"is_error": True, "content": words})
        elif self.shape == "full":
            self.put("PostToolBatch", tool_calls=[{**fields, "tool_response": words}])
        else:
            self.put("PostToolUseFailure", **fields, error=words)

    def bash(
        self, command: str, said: str = "", bad: bool = False, gap: float = 4.0, took: float = 0.5
    ) -> None:
        given = {"command": command, "description": f"Look, part {self.count}"}
        self.call("Bash", given, f"Exit code 1\n{said}" if bad else said, bad, gap, took)

    def read(self, path: str, said: str, gap: float = 4.0, **more: Any) -> None:
        self.call("Read", {"file_path": f"/home/user/shop/{path}", **more}, said, gap=gap)

    def edit(self, path: str, old: str, new: str, error: str = "") -> None:
        given = {"file_path": f"/home/user/shop/{path}", "old_string": old, "new_string": new}
        self.call("Edit", given, error or f"The file /home/user/shop/{path} has been updated.", bool(error))

    def fresh(self, at: int) -> None:
        """One ordinary call that nobody made before, with a result that nobody saw before."""
        self.read(f"src/part{at}.py", f"class Part{at}:\n    size = {at * 37}\n    name = 'n{at * 11}'")


def text(name: str, lines: int = 9) -> str:
    return "\n".join(f"{name} {at}: something said about {name} in line {at}" for at in range(1, lines))


VARIANTS: list[Variant] = []


def loop(kind: str, few: int, many: int) -> Callable[[Maker], Maker]:
    return _kept(kind, True, few, many)


def fine(kind: str, few: int, many: int) -> Callable[[Maker], Maker]:
    return _kept(kind, False, few, many)


def _kept(kind: str, is_loop: bool, few: int, many: int) -> Callable[[Maker], Maker]:
    def keep(make: Maker) -> Maker:
        VARIANTS.append(Variant(kind, make.__name__, is_loop, make, (few, many)))
        return make

    return keep


def told(variant: Variant, length: int, shape: str) -> list[tuple[float, Fields]]:
    script = Script(shape)
    variant.make(script, length)
    return script.events


def every() -> Iterator[tuple[Variant, int, str]]:
    """Return each variant with each of its lengths in each shape."""
    from tests.judge.guard import variants_fine, variants_loops  # noqa: F401  (they fill the list)

    for variant in VARIANTS:
        for length in variant.lengths:
            for shape in SHAPES:
                yield variant, length, shape
