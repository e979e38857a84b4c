"""Commands about workflows themselves, and runs for tools of process mining."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from outrider.interface.cli.context import Context, root_option, scope_from, scope_options
from outrider.kernel.inert import inert

if TYPE_CHECKING:
    from outrider.app.skills import SkillSource
    from outrider.plan.workflow.model import Workflow

F = TypeVar("F", bound=Callable[..., Any])

_MISTAKES = 1
_FORMS = ("yaml", "mermaid", "json")


@click.group()
def workflow() -> None:
    """What a skill prescribes: steps, order, rules and limits.

    SKILL is the name of a skill that ran or is installed, its folder, its SKILL.md or a workflow file.
    """


def _form_option(function: F) -> F:
    return click.option(
        "--as", "form", type=click.Choice(_FORMS), default="yaml", show_default=True, help="Form."
    )(function)


@workflow.command()
@click.argument("skill")
@_form_option
@root_option
@click.pass_obj
def derive(context: Context, skill: str, form: str) -> None:
    """Print the workflow that the skill's own text describes, to keep as workflow.yaml and edit."""
    from outrider.app.workflows import derived_workflow  # noqa: PLC0415 - keeps --help quick

    source = _source(context, skill)
    click.echo(_written(derived_workflow(source.text, source.name, source.path), form), nl=False)


@workflow.command()
@click.argument("skill")
@_form_option
@root_option
@click.pass_context
def show(ctx: click.Context, skill: str, form: str) -> None:
    """Print the workflow that holds for a skill here, and say where it comes from."""
    from outrider.app.skills import workflow_in_force  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports.audit_screen import ORIGINS  # noqa: PLC0415
    from outrider.interface.cli.auditing import tell_mistakes  # noqa: PLC0415

    context: Context = ctx.obj
    found = workflow_in_force(_source(context, skill), str(Path.cwd()))
    where = f" ({inert(found.path)})" if found.path else ""
    click.echo(f"note: {ORIGINS[found.origin]}{where}", err=True)
    if tell_mistakes([found]):
        ctx.exit(_MISTAKES)
    click.echo(_written(found.workflow, form), nl=False)


@workflow.command()
@click.argument("skills", metavar="SKILL...", nargs=-1, required=True)
@root_option
@click.pass_context
def check(ctx: click.Context, skills: tuple[str, ...]) -> None:
    """Say everything that is wrong with workflow files, with line, column and what to write instead.

    Exit code 1 when there is any mistake.
    """
    from outrider.app.skills import workflow_in_force  # noqa: PLC0415 - keeps --help quick
    from outrider.interface.cli.auditing import tell_mistakes  # noqa: PLC0415

    context: Context = ctx.obj
    found = [workflow_in_force(_source(context, skill), str(Path.cwd())) for skill in skills]
    for skill, each in zip(skills, found, strict=True):
        if not each.mistakes:
            steps, rules = len(each.workflow.steps), len(each.workflow.rules)
            click.echo(f"{inert(skill)}: {each.origin}, {steps} steps, {rules} rules, no mistakes")
    ctx.exit(_MISTAKES if tell_mistakes(found) else 0)


def _source(context: Context, given: str) -> SkillSource:
    from outrider.app.skills import find_skill, is_path  # noqa: PLC0415 - keeps --help quick

    if is_path(given):
        return find_skill(None, given)
    with context.library(sample=True) as library:
        return find_skill(library, given)


def _written(workflow: Workflow, form: str) -> str:
    from outrider.edge.reports import json_text  # noqa: PLC0415 - keeps --help quick
    from outrider.plan.workflow.mermaid import mermaid  # noqa: PLC0415
    from outrider.plan.workflow.write import workflow_json, write_workflow  # noqa: PLC0415

    if form == "json":
        return json_text.text(workflow_json(workflow)) + "\n"
    return mermaid(workflow) if form == "mermaid" else write_workflow(workflow)


@click.command()
@click.argument("session", required=False)
@click.option(
    "--format", "form", type=click.Choice(("ocel", "xes")), default="ocel", show_default=True, help="Format."
)
@click.option("--skill", metavar="SKILL", default="", help="Only runs of this skill.")
@click.option("--all", "everything", is_flag=True, help="All sessions, not one.")
@click.option("--output", metavar="FILE", help="Write there; otherwise to standard output.")
@scope_options
@root_option
@click.pass_obj
def export(
    context: Context,
    session: str | None,
    form: str,
    skill: str,
    everything: bool,
    output: str | None,
    since: str | None,
    project: str | None,
) -> None:
    """Runs with their events and steps for process-mining tools: OCEL 2.0 JSON or XES.

    SESSION is what `outrider audit` takes, the last one by default.
    """
    from outrider.app.audit import Auditor  # noqa: PLC0415 - keeps --help quick
    from outrider.app.export import exported  # noqa: PLC0415
    from outrider.app.sessions import find_session  # noqa: PLC0415
    from outrider.interface.cli.auditing import chosen_session  # noqa: PLC0415

    chosen = chosen_session(session, everything, since, project)
    with context.library() as library:
        auditor = Auditor(library)
        if chosen is None:
            audits = list(auditor.all_sessions(scope_from(since, project), skill))
        else:
            audits = [auditor.session(find_session(library, chosen), skill)]
    written = exported(audits, form)
    if not output:
        click.echo(written)
        return
    try:
        Path(output).expanduser().write_bytes(written)
    except OSError as error:
        raise click.UsageError(f"--output {inert(output)}: {error.strerror or error}") from error


COMMANDS = (workflow, export)
