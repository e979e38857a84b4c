"""The command that makes the plugin's environment; `bin/outrider setup` runs the same code without one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import outrider
from outrider.interface.cli.context import Context


@click.command()
@click.option("--check", is_flag=True, help="Only say what there is; exit code 1 where it cannot be used.")
@click.pass_context
def setup(ctx: click.Context, check: bool) -> None:
    """Make the environment of the plugin: the libraries that command line and server need.

    It is made once, in the plugin's data folder (docs/environment.md), and anew when a new version of the
    plugin needs other libraries. Also compiles rules, words and prices for the hooks.
    """
    from outrider.app.environment.places import place_of  # noqa: PLC0415 - keeps --help quick
    from outrider.interface.setup import asked  # noqa: PLC0415

    context: Context = ctx.obj
    place = place_of(Path(outrider.__file__).parents[2], context.environment)
    if check:
        ctx.exit(asked.check(place, sys.stdout))
    ctx.exit(asked.set_up(place, context.environment, sys.stdout))


COMMANDS = (setup,)
