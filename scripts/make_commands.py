"""Write docs/commands.md: what every command prints for --help. `--check` only says whether it is true."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from outrider.interface.cli.main import outrider

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
HEAD = """# Commands

Printed help, made by `scripts/make_commands.py`; a test holds it true. Exit codes: 0 fine, 1 findings,
2 usage, 3 could not read. JSON: [schemas.md](schemas.md). Errors: [errors.md](errors.md).

Environment: `CLAUDE_CONFIG_DIR` (records, else `~/.claude`), `OUTRIDER_HOME` (Outrider's own folder).
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def page() -> str:
    parts = [HEAD]
    for path in commands(outrider):
        result = CliRunner().invoke(
            outrider,
            [*path, "--help"],
            prog_name="outrider",
            terminal_width=100,
            catch_exceptions=False,
        )
        parts.append(f"\n## {' '.join(('outrider', *path))}\n\n```\n{result.output.rstrip()}\n```\n")
    return "".join(parts)


def main() -> None:
    made = page()
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text("utf-8") != made and "docs/commands.md is not what the commands print")
    PAGE.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
