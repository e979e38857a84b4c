"""Commands that compare what happened with what skills prescribe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from outrider.interface.cli.context import Context, json_option, root_option, scope_from, scope_options
from outrider.kernel.errors import UsageError
from outrider.kernel.inert import inert

if TYPE_CHECKING:
    from outrider.app.audit import Auditor, SessionAudit
    from outrider.app.workflows import Found
    from outrider.edge.store.queries import Scope

_BROKEN, _UNREADABLE = 1, 3


@click.command()
@click.argument("session", required=False)
@click.option("--skill", metavar="SKILL", default="", help="Only runs of this skill.")
@click.option("--all", "everything", is_flag=True, help="All sessions, not one.")
@scope_options
@root_option
@json_option
@click.pass_context
def audit(
    ctx: click.Context,
    session: str | None,
    skill: str,
    everything: bool,
    since: str | None,
    project: str | None,
    as_json: bool,
) -> None:
    """Compare runs with the workflows of their skills: steps, order, rules, claims without evidence.

    SESSION is an id, the beginning of one, a transcript's path, the name of a wrangler session, or `last`
    (the default). With --since or --project: all sessions of then and there.
    Exit code 1 when a rule was broken, 3 when a workflow file is badly written.
    """
    chosen = chosen_session(session, everything, since, project)
    from outrider.app.audit import Auditor, wrangler_audits  # noqa: PLC0415 - keeps --help quick
    from outrider.app.report import coverage  # noqa: PLC0415
    from outrider.edge.reports import audit_screen, json_audit, json_text, tables  # noqa: PLC0415

    context: Context = ctx.obj
    with context.library() as library:
        auditor = Auditor(library)
        scope = scope_from(since, project)
        wrangler = [] if skill else wrangler_audits(library, chosen, scope)
        audits = [] if wrangler and chosen is not None else _audits(auditor, chosen, skill, scope)
        runs = [(run, each.found[run.run.number]) for each in audits for run in each.runs]
        if as_json:
            told = [(run, found.origin, found.path) for run, found in runs]
            click.echo(json_text.text(json_audit.audit(told, wrangler, coverage(library))))
        else:
            console = context.console()
            audit_screen.print_runs(console, [(run, found.origin, found.path) for run, found in runs])
            for one, findings in wrangler:
                audit_screen.print_wrangler(console, one, findings)
            if not runs and not wrangler:
                click.echo("no skill ran here" if not skill else f"no run of {inert(skill)} here")
            tables.print_coverage(console, coverage(library))
    broken = any(run.broken for run, _ in runs) or any(
        finding.severity != "info" for _, findings in wrangler for finding in findings
    )
    badly_written = tell_mistakes([found for each in audits for found in each.found.values()])
    ctx.exit(_UNREADABLE if badly_written else _BROKEN if broken else 0)


def chosen_session(
    session: str | None, everything: bool, since: str | None, project: str | None
) -> str | None:
    """Return the one session that is meant; None for all of them."""
    everything = everything or bool(since or project)
    if everything and session is not None:
        raise click.UsageError("SESSION is one session; --all, --since and --project are for many")
    if everything:
        return None
    return "last" if session is None else session


def _audits(auditor: Auditor, chosen: str | None, skill: str, scope: Scope) -> list[SessionAudit]:
    from outrider.app.sessions import find_session  # noqa: PLC0415 - keeps --help quick

    if chosen is None:
        return list(auditor.all_sessions(scope, skill))
    return [auditor.session(find_session(auditor.library, chosen), skill)]


def tell_mistakes(found: list[Found]) -> bool:
    """Say what is wrong with workflow files, each file once; tell whether there was anything."""
    from outrider.edge.reports.audit_screen import mistake_line  # noqa: PLC0415 - keeps --help quick

    told = dict.fromkeys(mistake_line(each.path, mistake) for each in found for mistake in each.mistakes)
    for line in told:
        click.echo(f"error[workflow-badly-written]: {line}", err=True)
    return bool(told)


@click.command()
@click.argument("skill")
@scope_options
@root_option
@json_option
@click.pass_obj
def steps(context: Context, skill: str, since: str | None, project: str | None, as_json: bool) -> None:
    """The steps of a skill over all its runs: visits, skips, disorder, time, tokens, cost, bottleneck."""
    from outrider.app.audit import Auditor, runs_of  # noqa: PLC0415 - keeps --help quick
    from outrider.app.report import coverage  # noqa: PLC0415
    from outrider.edge.reports import json_audit, json_text, steps_screen, tables  # noqa: PLC0415
    from outrider.judge.conformance.across import step_table  # noqa: PLC0415

    with context.library() as library:
        audits = list(Auditor(library).all_sessions(scope_from(since, project), skill))
        runs = runs_of(audits)
        if not runs:
            raise UsageError("no-such-run", f"{skill}: no run of this skill", "list them: outrider skills")
        table = step_table(runs[-1].run.load.name, runs)
        found = [each for audit in audits for each in audit.found.values()]
        if as_json:
            click.echo(json_text.text(json_audit.steps(table, coverage(library))))
        else:
            console = context.console()
            steps_screen.print_steps(console, table, found[-1].origin)
            tables.print_coverage(console, coverage(library))
    if tell_mistakes(found):
        raise SystemExit(_UNREADABLE)


@click.command()
@click.option("--skill", metavar="SKILL", default="", help="Only the rules of this skill.")
@scope_options
@root_option
@json_option
@click.pass_obj
def rules(context: Context, skill: str, since: str | None, project: str | None, as_json: bool) -> None:
    """Every rule of the skills that ran, and how often it was kept, broken, or never triggered."""
    from outrider.app.audit import Auditor, runs_of  # noqa: PLC0415 - keeps --help quick
    from outrider.app.report import coverage  # noqa: PLC0415
    from outrider.edge.reports import json_audit, json_text, steps_screen, tables  # noqa: PLC0415
    from outrider.judge.conformance.across import rule_rows  # noqa: PLC0415

    with context.library() as library:
        audits = list(Auditor(library).all_sessions(scope_from(since, project), skill))
        rows = rule_rows(runs_of(audits))
        if as_json:
            click.echo(json_text.text(json_audit.rules(rows, coverage(library))))
        else:
            console = context.console()
            steps_screen.print_rules(console, rows)
            tables.print_coverage(console, coverage(library))
    if tell_mistakes([each for audit in audits for each in audit.found.values()]):
        raise SystemExit(_UNREADABLE)


@click.command()
@click.option("--unmatched", is_flag=True, help="Calls without a known meaning, the most frequent first.")
@click.option("--limit", default=40, show_default=True, help="How many rows; 0 for all.")
@scope_options
@root_option
@json_option
@click.pass_obj
def activities(
    context: Context, unmatched: bool, limit: int, since: str | None, project: str | None, as_json: bool
) -> None:
    """What the calls of all sessions meant, in the words that workflows and rules use."""
    from outrider.app.activities import survey  # noqa: PLC0415 - keeps --help quick
    from outrider.app.report import coverage  # noqa: PLC0415
    from outrider.edge.reports import json_activities, json_text, steps_screen, tables  # noqa: PLC0415

    with context.library() as library:
        found = survey(library, scope_from(since, project))
        if as_json:
            click.echo(json_text.text(json_activities.activities(found, coverage(library))))
            return
        console = context.console()
        if unmatched:
            steps_screen.print_unmatched(console, found.unmatched[: limit or None], found.matched_share)
        else:
            steps_screen.print_activities(console, found.activities[: limit or None])
        tables.print_coverage(console, coverage(library))


@click.command()
@click.argument("session", required=False, default="last")
@root_option
@json_option
@click.pass_context
def evidence(ctx: click.Context, session: str, as_json: bool) -> None:
    """What speaks for the work of a session: checks since the last edit, how they ended, what is owed.

    SESSION is an id, the beginning of one, or `last` (the default). Only calls count, never claims.
    Exit code 1 unless the tests passed after the last edit and no rule is owed anything.
    """
    from outrider.app.audit import Auditor  # noqa: PLC0415 - keeps --help quick
    from outrider.app.evidence import session_evidence  # noqa: PLC0415
    from outrider.app.report import coverage  # noqa: PLC0415
    from outrider.app.sessions import find_session  # noqa: PLC0415
    from outrider.edge.reports import evidence_report, json_text, tables  # noqa: PLC0415

    context: Context = ctx.obj
    with context.library() as library:
        found = session_evidence(Auditor(library), find_session(library, session))
        if as_json:
            click.echo(json_text.text(evidence_report.as_json(found, coverage(library))))
        else:
            console = context.console()
            evidence_report.print_evidence(console, found)
            tables.print_coverage(console, coverage(library))
    ctx.exit(0 if found.fresh and not found.owed else _BROKEN)


COMMANDS = (audit, evidence, steps, rules, activities)
