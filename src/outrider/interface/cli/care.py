"""Commands that read records in and look after the store."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import click

from outrider.interface.cli.context import Context, json_option, loss_lines, root_option

_FINDINGS = 1


@click.command()
@root_option
@json_option
@click.pass_obj
def ingest(context: Context, as_json: bool) -> None:
    """Read what is new in the records into the store. Every other command does so by itself."""
    from outrider.app.report import coverage  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports import json_text, numbers  # noqa: PLC0415

    with context.library(sample=False) as library:
        done, covered = library.ingested, coverage(library)
        if as_json:
            click.echo(
                json_text.text(json_text.ingested(done.files, done.read, done.bytes, done.sessions, covered))
            )
            return
        click.echo(
            f"read {done.read:,} of {done.files:,} files; {done.sessions:,} sessions brought up to date"
        )
        click.secho(numbers.coverage_line(covered), dim=True)


@click.command()
@click.option("--deep", is_flag=True, help="Also check every row of the store.")
@root_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, deep: bool, as_json: bool) -> None:
    """What is wrong with the installation, and what of the records was read, what was not, and why.

    Runs every hook of the plugin for real, in a scratch folder.
    """
    from outrider.app.doctor import checks, records  # noqa: PLC0415 - keeps --help quick
    from outrider.app.doctor.installation import examine  # noqa: PLC0415
    from outrider.app.report import coverage  # noqa: PLC0415
    from outrider.edge.reports import health, json_text, tables  # noqa: PLC0415

    context: Context = ctx.obj
    with context.library() as library:
        found = records.diagnose(library, deep)
        installation = examine(
            Path(__file__).resolve().parents[4],
            context.environment,
            config=None if library.root.sample else library.root.folder,
            clients=found.clients,
        )
        if as_json:
            click.echo(
                json_text.text(
                    {
                        "schema": "outrider.doctor/2",
                        "checks": [json_text.plain(each) for each in installation],
                        **json_text.plain(found),
                        "coverage": json_text.coverage(coverage(library)),
                    }
                )
            )
        else:
            for line in checks.lines(installation):
                click.echo(line)
            console = context.console()
            health.print_versions(console, found.versions, found.root, found.store, found.store_bytes)
            health.print_sources(console, found.sources, found.clients)
            health.print_kinds(console, found.kinds, found.unknown_kinds)
            health.print_damage(console, found.faults, found.unreadable, found.waiting)
            for what, where in found.unsound:
                click.echo(f"store: {where}: {what}")
            tables.print_coverage(console, coverage(library))
        if code := checks.exit_code(installation):
            ctx.exit(code)
        if found.unreadable or found.unsound:
            ctx.exit(_FINDINGS)


@click.group()
def store() -> None:
    """Look after the store."""


@store.command()
@root_option
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Check that the store is sound: the file, every stored fact, and all that is made from them."""
    from outrider.app.care import verify_store  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports import json_text  # noqa: PLC0415

    context: Context = ctx.obj
    with context.library(read=False) as library:
        unsound = verify_store(library)
        if as_json:
            findings = [{"what": each.what, "where": each.where} for each in unsound]
            click.echo(json_text.text({"schema": "outrider.verify/1", "unsound": findings}))
        else:
            for each in unsound:
                click.echo(f"{each.where}: {each.what}")
            click.echo(f"{library.root.store}: {'sound' if not unsound else 'not sound'}")
    if unsound:
        ctx.exit(_FINDINGS)


@store.command()
@root_option
@json_option
@click.pass_obj
def rebuild(context: Context, as_json: bool) -> None:
    """Set the store aside under a dated name and make it anew from the records.

    Says what only the old store held: sessions whose records the host has removed.
    """
    from outrider.app.care import rebuild_store  # noqa: PLC0415 - keeps --help quick
    from outrider.app.roots import configured_root  # noqa: PLC0415
    from outrider.edge.reports import json_text  # noqa: PLC0415

    root = configured_root(context.environment, context.root)
    done = rebuild_store(root, context.environment, datetime.now(timezone.utc))
    if as_json:
        click.echo(json_text.text({"schema": "outrider.rebuild/1", **json_text.plain(done)}))
        return
    if done.set_aside:
        click.echo(f"the old store is kept as {done.set_aside}")
    click.echo(f"{done.sessions:,} sessions were made anew from the records")
    for line in loss_lines(done):
        click.echo(line)


@store.command()
@click.argument("session")
@click.option("--yes", is_flag=True, help="Do not ask.")
@root_option
@click.pass_obj
def forget(context: Context, session: str, yes: bool) -> None:
    """Delete one session from the store, for good; its records are left alone and not read again."""
    from outrider.app.sessions import find_session  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.store import care  # noqa: PLC0415

    with context.library(sample=False) as library:
        session_id = find_session(library, session)
        row = library.connection.execute("SELECT name FROM session WHERE id = ?", (session_id,))
        (name,) = row.fetchone()
        if yes or click.confirm(f"forget session {name}?"):
            care.forget(library.connection, session_id)
            click.echo(f"forgotten: {name}")


COMMANDS = (ingest, doctor, store)
