"""Commands that show what is in the records."""

from __future__ import annotations

from pathlib import Path

import click

from outrider.interface.cli.context import (
    Context,
    json_option,
    root_option,
    scope_from,
    scope_options,
)

_BY = ("day", "project", "model", "skill", "agent", "tool")


def show_overview(context: Context, everywhere: bool, as_json: bool) -> None:
    """Print the first screen: of the current folder's project when it has sessions, else of all."""
    from outrider.app.report import make_overview  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports import json_text, screens  # noqa: PLC0415
    from outrider.edge.store.queries import Scope  # noqa: PLC0415

    with context.library() as library:
        here = str(Path.cwd())
        overview = make_overview(library, Scope(project="" if everywhere else here))
        if not everywhere and not overview.sessions:
            overview = make_overview(library, Scope())
        where = overview.project or "all projects"
        if as_json:
            click.echo(
                json_text.text(
                    json_text.overview(
                        where, overview.report, overview.sessions, overview.skills, overview.remarks
                    )
                )
            )
            return
        screens.print_overview(
            context.console(),
            where,
            overview.report,
            overview.sessions,
            overview.skills,
            overview.remarks,
        )


@click.command()
@click.option("--by", type=click.Choice(_BY), default="day", show_default=True, help="Cut totals by this.")
@scope_options
@root_option
@json_option
@click.pass_obj
def report(context: Context, by: str, since: str | None, project: str | None, as_json: bool) -> None:
    """Totals of all projects and all time, cut by day, project, model, skill, agent or tool."""
    from outrider.app.report import make_report  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports import json_text, tables  # noqa: PLC0415

    with context.library() as library:
        made = make_report(library, by, scope_from(since, project))
        if as_json:
            click.echo(json_text.text(json_text.report(made)))
        else:
            tables.print_report(context.console(), made)


@click.command()
@scope_options
@root_option
@json_option
@click.pass_obj
def skills(context: Context, since: str | None, project: str | None, as_json: bool) -> None:
    """Every skill that ran: how often, how long, with which tokens and cost."""
    from outrider.app.report import coverage  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports import json_text, tables  # noqa: PLC0415
    from outrider.edge.store import queries  # noqa: PLC0415

    with context.library() as library:
        rows = tuple(queries.skills(library.connection, scope_from(since, project)))
        if as_json:
            click.echo(json_text.text(json_text.skills(rows, coverage(library))))
        else:
            tables.print_skills(context.console(), rows, coverage(library))


@click.command()
@click.option("--limit", default=30, show_default=True, help="How many; 0 for all.")
@scope_options
@root_option
@json_option
@click.pass_obj
def sessions(context: Context, limit: int, since: str | None, project: str | None, as_json: bool) -> None:
    """Sessions, the latest first."""
    from outrider.app.report import coverage  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports import json_text, tables  # noqa: PLC0415
    from outrider.edge.store import queries  # noqa: PLC0415

    with context.library() as library:
        rows = queries.sessions(library.connection, scope_from(since, project), limit)
        if as_json:
            click.echo(json_text.text(json_text.sessions(rows, coverage(library))))
        else:
            tables.print_sessions(context.console(), rows, coverage(library))


@click.command()
@click.argument("session")
@click.option("--deep", is_flag=True, help="Also list what subagents did.")
@root_option
@json_option
@click.pass_obj
def show(context: Context, session: str, deep: bool, as_json: bool) -> None:
    """One session: its runs with their time, and a waterfall of turns, skills, subagents and calls.

    SESSION is an id, the beginning of one, a transcript's path, or `last`.
    """
    from outrider.app.report import coverage  # noqa: PLC0415 - keeps --help quick
    from outrider.app.sessions import find_session, view_session  # noqa: PLC0415
    from outrider.edge.reports import json_session, json_text, screens, tables  # noqa: PLC0415
    from outrider.judge.metrics.waterfall import waterfall  # noqa: PLC0415

    with context.library() as library:
        view = view_session(library, find_session(library, session))
        bars = waterfall(view.session, view.account, deep)
        covered = coverage(library)
        if as_json:
            value = json_session.shown(view.session, view.account, view.tasks, bars, covered)
            click.echo(json_text.text(value))
            return
        console = context.console()
        screens.print_session(console, view.session, view.account, view.tasks, bars)
        tables.print_coverage(console, covered)


COMMANDS = (report, skills, sessions, show)
