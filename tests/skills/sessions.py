"""Sessions in which a person types one of our skills, written as transcripts of a client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.edge.readers.records import Record, assistant, user

SKILLS = Path(__file__).parents[2] / "skills"
NAMES = ("audit", "improve-skill", "why", "write-workflow")
OWN_SERVER = "mcp__plugin_outrider_outrider__"
FILE = "mcp__plugin_wrangler_wrangler-mcp__issues_create"


class Talk:
    """One session in ``project``, told call by call: each takes a second, and is answered at once."""

    def __init__(self, project: Path, skill: str) -> None:
        self.project, self.lines, self.skill = project, list[Record](), skill
        command = f"outrider:{skill}"
        tags = f"<command-message>{command}</command-message>\n<command-name>/{command}</command-name>"
        self._put(user(f"{tags}\n<command-args>mend-cart</command-args>"))
        body = (SKILLS / skill / "SKILL.md").read_text("utf-8").split("---\n", 2)[2]
        self._put(user(f"Base directory for this skill: {SKILLS / skill}\n{body}", isMeta=True))

    def says(self, text: str) -> Talk:
        """Let the person say something."""
        self._put(user(text))
        return self

    def tells(self, text: str) -> Talk:
        """Let the model end its turn."""
        self._put(assistant(text))
        return self

    def calls(self, tool: str, /, answer: str = "ok", *, error: bool = False, **given: object) -> Talk:
        """Let the model call a tool."""
        name = f"toolu_{len(self.lines)}"
        self._put(assistant([{"type": "tool_use", "id": name, "name": tool, "input": given}]))
        block = {"type": "tool_result", "tool_use_id": name, "content": answer, "is_error": error}
        self._put(user([block]))
        return self

    def asks(self, tool: str, **given: object) -> Talk:
        """Let the model call a tool of our server."""
        return self.calls(OWN_SERVER + tool, "{}", **given)

    def runs(self, command: str, *, code: int = 0) -> Talk:
        """Let the model run a command."""
        return self.calls(
            "Bash", f"Exit code {code}\nfound" if code else "said", error=bool(code), command=command
        )

    def reads(self, name: str) -> Talk:
        """Let the model read a file of the project."""
        return self.calls("Read", file_path=str(self.project / name))

    def edits(self, name: str) -> Talk:
        """Let the model edit a file of the project."""
        given = {"file_path": str(self.project / name), "old_string": "a", "new_string": "b"}
        return self.calls("Edit", "The file has been updated.", **given)

    def consents(self) -> Talk:
        """Let the model ask, and the person agree."""
        return self.calls("AskUserQuestion", "User has answered: yes", questions=[])

    def kept(self, config: Path) -> Path:
        """Write the transcript below a configuration folder."""
        folder = config / "projects" / "-shop"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "11111111-2222-4333-8444-555555555555.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in self.lines), "utf-8")
        return path

    def _put(self, line: Record) -> None:
        number = len(self.lines)
        place: dict[str, Any] = {
            "uuid": f"00000000-0000-4000-8000-{number:012}",
            "parentUuid": self.lines[-1]["uuid"] if self.lines else None,
            "timestamp": f"2026-11-20T10:{number // 60:02}:{number % 60:02}.000Z",
            "cwd": str(self.project),
        }
        if line["type"] == "assistant":
            line["message"]["id"] = f"msg_{number}"
            place["requestId"] = f"req_{number}"
        self.lines.append({**line, **place})


def good_run(project: Path, skill: str) -> Talk:
    """Return a run as the skill asks for it."""
    talk, named = Talk(project, skill), "mend-cart"
    file, text = f".outrider/workflows/{named}.yaml", f".claude/skills/{named}/SKILL.md"
    match skill:
        case "audit":
            talk.asks("audit").asks("explain", event="toolu_1").tells("Two findings. Which shall I file?")
            return talk.says("file both").calls(FILE, title="Tests came late").calls(FILE, title="No review")
        case "why":
            return talk.asks("status").asks("explain", event="g-1").tells("The rule is right.")
        case "improve-skill":
            talk.asks("skill_report", skill=named).reads(text).consents().edits(text)
            talk.runs(f"outrider audit --all --skill {named}", code=1).consents().edits(file)
            return talk.runs(f"outrider workflow check {named}").tells("Look again after some runs.")
        case _:
            talk.runs(f"outrider workflow derive {named}").tells("Which of these shall hold?")
            talk.says("the first two").calls(
                "Write", "done", file_path=str(project / file), content="skill: x"
            )
            talk.runs(f"outrider workflow check {named}", code=1).edits(file)
            talk.runs(f"outrider workflow check {named}")
            talk.runs(f"outrider audit --all --skill {named} | head -n 40")
            return talk.runs(f"outrider backtest runs --rules {file}", code=1).tells("Done.")


def bad_run(project: Path, skill: str) -> Talk:
    """Return a run that edits, or files, without the consent that the skill asks for."""
    talk, named = Talk(project, skill), "mend-cart"
    file, text = f".outrider/workflows/{named}.yaml", f".claude/skills/{named}/SKILL.md"
    match skill:
        case "audit":
            return talk.asks("audit").calls(FILE, title="Tests came late").edits("src/cart.ts")
        case "why":
            return talk.asks("explain", event="g-1").edits("src/cart.ts")
        case "improve-skill":
            talk.asks("skill_report", skill=named).reads(text).consents().edits(text).edits(file)
            return talk.tells("Better now.")
        case _:
            talk.runs(f"outrider workflow derive {named}")
            return talk.calls("Write", "done", file_path=str(project / file), content="skill: x").tells(
                "Done."
            )
