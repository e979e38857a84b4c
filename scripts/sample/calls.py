"""The tool calls of the scripts: what the model asks for and what the host answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sample.skills import Skill

CLOCK = "{clock}"
NO_OUTPUT = "(Bash completed with no output)"


@dataclass
class Call:
    """One tool call; `text` is what the model sees, `detail` what the host keeps beside it."""

    name: str
    input: dict[str, Any]
    text: Any
    detail: Any
    takes: float
    failed: bool = False
    keys: dict[str, Any] = field(default_factory=dict)
    play: Callable[..., None] | None = None
    skill: Skill | None = None
    id: str = ""

    def run_at(self, clock: str) -> None:
        """Put the time of day into the output of a program that prints it."""
        if isinstance(self.text, str):
            self.text = self.text.replace(CLOCK, clock)
        if isinstance(self.detail, str):
            self.detail = self.detail.replace(CLOCK, clock)
        elif "stdout" in self.detail:
            self.detail["stdout"] = self.detail["stdout"].replace(CLOCK, clock)


def bash(command: str, output: str = "", *, takes: float, exit_status: int = 0) -> Call:
    request = {"command": command, "description": describe(command)}
    if exit_status:
        text = f"Exit code {exit_status}\n{output}"
        return Call("Bash", request, text, "Error: " + text, takes, failed=True)
    detail = {"stdout": output, "stderr": "", "interrupted": False, "isImage": False}
    return Call("Bash", request, output or NO_OUTPUT, detail, takes)


def describe(command: str) -> str:
    known = {"npm test": "Run the tests", "git": "Work with git", "npx": "Run a project tool"}
    return next((text for start, text in known.items() if command.startswith(start)), "Run it")


def read(path: str, content: str, *, takes: float = 0.2) -> Call:
    lines = content.rstrip("\n").split("\n")
    numbered = "\n".join(f"{number}\t{line}" for number, line in enumerate(lines, 1))
    kept = {"filePath": path, "content": content, "numLines": len(lines), "startLine": 1}
    detail = {"type": "text", "file": kept | {"totalLines": len(lines)}}
    return Call("Read", {"file_path": path}, numbered, detail, takes)


def grep(pattern: str, path: str, found: list[str]) -> Call:
    request = {"pattern": pattern, "path": path, "output_mode": "files_with_matches"}
    detail = {"mode": "files_with_matches", "filenames": found, "numFiles": len(found)}
    text = f"Found {len(found)} files\n" + "\n".join(found)
    return Call("Grep", request, text, detail, 0.3)


def edit(path: str, old: str, new: str) -> Call:
    request = {"replace_all": False, "file_path": path, "old_string": old, "new_string": new}
    detail = {"filePath": path, "oldString": old, "newString": new, "originalFile": None}
    detail |= {"structuredPatch": patch(old, new), "userModified": False, "replaceAll": False}
    return Call("Edit", request, f"The file {path} has been updated successfully.", detail, 0.3)


def write(path: str, content: str) -> Call:
    detail = {"type": "create", "filePath": path, "content": content, "structuredPatch": []}
    detail |= {"originalFile": None, "userModified": False}
    text = f"File created successfully at: {path}"
    return Call("Write", {"file_path": path, "content": content}, text, detail, 0.3)


def patch(old: str, new: str) -> list[dict[str, Any]]:
    before, after = old.split("\n"), new.split("\n")
    hunk = {"oldStart": 1, "oldLines": len(before), "newStart": 1, "newLines": len(after)}
    return [hunk | {"lines": [f"-{line}" for line in before] + [f"+{line}" for line in after]}]


def ask(question: str, header: str, options: dict[str, str], answer: str, *, takes: float) -> Call:
    choices = [{"label": label, "description": text} for label, text in options.items()]
    asked = {"question": question, "header": header, "options": choices, "multiSelect": False}
    text = f'User has answered your questions: "{question}"="{answer}".'
    detail = {"questions": [asked], "answers": {question: answer}, "annotations": {}}
    return Call("AskUserQuestion", {"questions": [asked]}, text, detail, takes)


def todos(before: list[dict[str, str]], after: list[dict[str, str]]) -> Call:
    detail = {"oldTodos": before, "newTodos": after}
    return Call("TodoWrite", {"todos": after}, "Todos have been modified.", detail, 0.1)


def task_create(number: int, subject: str, active: str) -> Call:
    request = {"subject": subject, "description": subject, "activeForm": active}
    text = f"Task #{number} created successfully: {subject}"
    detail = {"task": {"id": str(number), "subject": subject, "description": subject}}
    return Call("TaskCreate", request, text, detail, 0.1)


def task_update(number: int, before: str, after: str) -> Call:
    change = {"from": before, "to": after}
    detail = {"success": True, "taskId": str(number), "updatedFields": ["status"]}
    request = {"taskId": str(number), "status": after}
    text = f"Updated task #{number} status"
    return Call("TaskUpdate", request, text, detail | {"statusChange": change}, 0.1)


def choose(skill: Skill, args: str = "") -> Call:
    """The model chooses a skill; its body follows the result."""
    request = {"skill": skill.name} | ({"args": args} if args else {})
    detail = {"success": True, "commandName": skill.name}
    return Call("Skill", request, f"Launching skill: {skill.name}", detail, 0.2, skill=skill)


def vitest(seconds: float, files: dict[str, int], failed: dict[str, str]) -> str:
    """A closing report of the test runner; `files` maps a test file to its tests.

    `failed` maps "file > test" to the message of the failure.
    """
    lines = ["", "> shop@0.4.0 test", "> vitest run", ""]
    red = {name.split(" > ")[0] for name in failed}
    for number, (name, count) in enumerate(files.items()):
        broken = sum(test.startswith(name + " > ") for test in failed)
        mark, note = (" x", f" | {broken} failed") if broken else (" ✓", "")
        took = round(seconds * 97) + 11 * number
        lines.append(f"{mark} {name} ({count} tests{note}) {took}ms")
    for test, message in failed.items():
        lines += ["", f" FAIL  {test}", f"AssertionError: {message}"]
    total = sum(files.values())
    lines += ["", " Test Files  " + tally(len(files), len(red))]
    lines += ["      Tests  " + tally(total, len(failed)), f"   Start at  {CLOCK}"]
    return "\n".join([*lines, f"   Duration  {seconds:.2f}s"])


def tally(total: int, red: int) -> str:
    green = f"{total - red} passed ({total})"
    return f"{red} failed | {green}" if red else green
