"""The command line: arguments to use cases, answers to a terminal or to JSON.

Exit codes: 0 fine, 1 findings, 2 usage, 3 could not read.
"""

from __future__ import annotations

import os
import sys

import click

from outrider import __version__
from outrider.interface.cli import (
    auditing,
    backtesting,
    care,
    guard,
    linting,
    looking,
    setting_up,
    standing,
    workflows,
)
from outrider.interface.cli.context import Context
from outrider.kernel.errors import OutriderError
from outrider.kernel.inert import inert


class _Group(click.Group):
    """Turns every fault of ours that a person can act on into two lines and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OutriderError as error:
            click.echo(f"error[{error.slug}]: {inert(error.message)}", err=True)
            if error.hint:
                click.echo(f"  {inert(error.hint)}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Group, invoke_without_command=True)
@click.option(
    "--root",
    metavar="DIR",
    help="Read this configuration folder instead of CLAUDE_CONFIG_DIR or ~/.claude.",
)
@click.option("--all", "everywhere", is_flag=True, help="Overview of all projects, not of this one.")
@click.option("--json", "as_json", is_flag=True, help="Print the overview as JSON.")
@click.version_option(__version__, prog_name="outrider")
@click.pass_context
def outrider(ctx: click.Context, root: str | None, everywhere: bool, as_json: bool) -> None:
    """Show what skills in Claude Code really did and cost, from the records it already writes.

    Without a command: an overview of the project in the current folder.
    """
    ctx.obj = Context(os.environ, root, sys.stdout.isatty(), sys.stderr.isatty())
    if ctx.invoked_subcommand is None:
        looking.show_overview(ctx.obj, everywhere, as_json)


for command in (
    *looking.COMMANDS,
    *auditing.COMMANDS,
    *backtesting.COMMANDS,
    *workflows.COMMANDS,
    *linting.COMMANDS,
    *guard.COMMANDS,
    *standing.COMMANDS,
    *care.COMMANDS,
    *setting_up.COMMANDS,
):
    outrider.add_command(command)


def main() -> None:
    """Run the command line; a reader that closes the pipe early is no error."""
    try:
        outrider(prog_name="outrider")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
