"""Commands of the guard: what holds, who is watched, what it did, and how to hold it back."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from outrider.interface.cli.context import Context, json_option, since_ms
from outrider.judge.guard import settings as setting
from outrider.kernel.inert import inert

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from outrider.app.guard import Target
    from outrider.app.workflows import Found
    from outrider.edge.store.guard_files import GuardFiles
    from outrider.judge.guard.looks import Entry
    from outrider.plan.workflow.model import Workflow

F = TypeVar("F", bound=Callable[..., Any])

_FINDINGS = 1
_UNWRITABLE = 3
_LATELY_SECONDS = 24 * 3600.0
_MODES = {
    setting.ENFORCE: "Let the guard hold calls back, for all it watches or for NAME.",
    setting.ADVISE: "Let the guard give hints, and hold back only what is plainly running away.",
    setting.OBSERVE: "Let the guard only note what it would have done.",
    setting.OFF: "Switch the guard off, or for NAME alone.",
}


@click.group()
def guard() -> None:
    """Loops, limits and rules, watched live by the hooks: settings, kill switch, log."""


def _mode_command(mode: str) -> click.Command:
    """Return the command that sets one mode."""

    @click.pass_obj
    def run(context: Context, name: str, project: bool) -> None:
        _set_mode(context, mode, name, project)

    run.__doc__ = f"""{_MODES[mode]}

    NAME is a detector, a skill (the rules of its workflow), `SKILL: RULE TEXT` or `SKILL: NUMBER`.
    """
    command = click.command(mode)(click.argument("name", required=False, default="")(_project_option(run)))
    guard.add_command(command)
    return command


def _project_option(function: F) -> F:
    return click.option("--project", is_flag=True, help="Only for the project in the current folder.")(
        function
    )


for _mode in _MODES:
    _mode_command(_mode)


@guard.command("compile")
@click.argument("skills", nargs=-1, metavar="[SKILL]...")
@click.pass_context
def compile_rules(ctx: click.Context, skills: tuple[str, ...]) -> None:
    """Write rules, words and prices for the hooks: of all workflows that are declared, and of each SKILL.

    Declared are the files beside the skills of installed plugins, of the user and of the project in the
    current folder, and the shipped ones. Hooks read no YAML: rules that were not compiled are not watched.
    Compiled rules only observe until a person promotes them with `outrider guard advise` or `enforce`. A
    SKILL's limits hold with its rules, and its words with the project's own. Exit code 3 when nothing could
    be written.
    """
    from outrider.app import rule_cache  # noqa: PLC0415 - keeps --help quick
    from outrider.app.arming import arm  # noqa: PLC0415
    from outrider.app.guard import refuse_mistakes  # noqa: PLC0415

    context: Context = ctx.obj
    home = _files(context).home
    rule_cache.write_words(home, str(Path.cwd()))
    written = []
    for given in skills:
        name, found = _workflow(context, given)
        refuse_mistakes(name, found)
        written.append(rule_cache.write_rules(home, name, found.workflow, found.path or found.origin))
    armed = arm(home, context.environment, Path.cwd(), time.time())
    for each in (*written, *armed.written):
        click.echo(f"{inert(each.skill)}: {each.rules} rules, {inert(each.source)}")
    for skill in armed.removed:
        click.echo(f"{inert(skill)}: removed, its skill is gone")
    click.echo("another process is compiling" if armed.busy else f"{len(armed.unchanged)} are unchanged")
    for fault in armed.faults:
        click.echo(f"left out: {fault.where}: {fault.what}\n  {fault.remedy}", err=True)
    ctx.exit(_UNWRITABLE if armed.faults and not (armed.written or armed.unchanged) else 0)


@guard.command(context_settings={"ignore_unknown_options": True})
@click.argument("scope", type=click.Choice(setting.SCOPES))
@click.argument("name", type=click.Choice(setting.LIMITS))
@click.argument("value")
@_project_option
@click.pass_obj
def limit(context: Context, scope: str, name: str, value: str, project: bool) -> None:
    """Set a limit, or with `none` take it away.

    VALUE is a number (seconds for seconds and idle, USD for cost) or a text such as 45m, 600k, "5 USD".
    """
    from outrider.app.guard import set_limit  # noqa: PLC0415 - keeps --help quick

    files = _files(context)
    number = set_limit(files, _section(project), scope, name, value)
    if name == "cost" and number is not None:
        _write_prices(context, files.home)
    click.echo(f"limit {scope} {name}: {'none' if number is None else f'{number:g}'}")


@guard.command()
@click.option("--session", metavar="ID", help="Only this session; else all.")
@click.option("--reason", metavar="TEXT", default="by hand", show_default=True, help="One line, for people.")
@click.pass_obj
def trip(context: Context, session: str | None, reason: str) -> None:
    """Set the kill switch: every further call is refused and the turn ends, until `outrider guard reset`."""
    from outrider.app.watching import find_session  # noqa: PLC0415 - keeps --help quick

    files = _files(context)
    name = find_session(files, session)
    files.trip(name, inert(reason)[:200])
    click.echo(f"tripped: {inert(name) or 'all sessions'}")


@guard.command()
@click.option("--session", metavar="ID", help="Only this session; else all.")
@click.pass_obj
def reset(context: Context, session: str | None) -> None:
    """Take the kill switch away, and close breakers at the next event of the session."""
    from outrider.app.watching import find_session  # noqa: PLC0415 - keeps --help quick

    files = _files(context)
    name = find_session(files, session)
    was_set = files.reset(name, time.time())
    click.echo(f"reset: {inert(name) or 'all sessions'}{'' if was_set else ' (no kill switch was set)'}")
    if name and any(not each.session for each in files.trips()):
        click.echo("the kill switch of all sessions is still set: outrider guard reset")


@guard.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Settings in force here with their origin, sessions of the last day, breakers, kill switches, faults.

    Exit code 1 when there is a mistake in the settings.
    """
    from outrider.app.guard import in_force  # noqa: PLC0415 - keeps --help quick
    from outrider.app.watching import looks  # noqa: PLC0415
    from outrider.edge.reports import guard_screen, json_guard, json_text, numbers  # noqa: PLC0415
    from outrider.edge.store import guard_log  # noqa: PLC0415

    context: Context = ctx.obj
    files, now = _files(context), time.time()
    held = in_force(files, Path.cwd())
    found, trips = looks(files, now - _LATELY_SECONDS), files.trips()
    faults = len(guard_log.faults(files.folder, now - _LATELY_SECONDS))
    shown = (held.effective, held.folder, held.wrong, held.from_good)
    if as_json:
        click.echo(json_text.text(json_guard.status(*shown, trips, found, faults)))
    else:
        console = context.console()
        guard_screen.print_settings(console, *shown)
        guard_screen.print_trips(console, trips)
        guard_screen.print_looks(console, found, now)
        click.secho(f"{numbers.counted(faults, 'fault')} of the hook itself in the last day", dim=True)
    ctx.exit(_FINDINGS if held.wrong else 0)


@guard.command()
@click.option(
    "--session", metavar="ID", default="", help="Only this session, by its id or the beginning of it."
)
@click.option("--since", metavar="WHEN", help="Only what happened then or later: 7d, 24h, 2w, or a date.")
@json_option
@click.pass_obj
def log(context: Context, session: str, since: str | None, as_json: bool) -> None:
    """Every intervention: its evidence, and what the model did next."""
    from outrider.edge.reports import guard_screen, json_guard, json_text  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.store import guard_log  # noqa: PLC0415

    from_then = since_ms(since, datetime.now(timezone.utc)) / 1000
    found = guard_log.entries(_files(context).folder, from_then, session)
    if as_json:
        click.echo(json_text.text(json_guard.log(found)))
    else:
        guard_screen.print_log(context.console(), found)


@guard.command()
@click.argument("intervention", metavar="ID")
@json_option
@click.pass_obj
def explain(context: Context, intervention: str, as_json: bool) -> None:
    """What an intervention means: why it came, what it rests on, what clears it, how to be rid of it."""
    from outrider.app.guard import in_force  # noqa: PLC0415 - keeps --help quick
    from outrider.app.standing import rules_of  # noqa: PLC0415
    from outrider.app.watching import find_entry  # noqa: PLC0415
    from outrider.edge.reports import guard_screen, json_guard, json_text  # noqa: PLC0415
    from outrider.judge.guard.catalogue import meaning_of  # noqa: PLC0415
    from outrider.judge.guard.rule_files import modes_of  # noqa: PLC0415

    files = _files(context)
    entry = find_entry(files, intervention)
    effective = in_force(files, Path.cwd()).effective
    kind, _, skill = entry.detector.partition(":")
    mode = effective.settings.mode_of(kind)
    if skill:
        mode = modes_of(effective, partial(rules_of, files.home, folder=str(Path.cwd())))(skill, entry.label)
    told = (entry, meaning_of(entry.detector), mode, _ways(entry))
    if as_json:
        click.echo(json_text.text(json_guard.explained(*told)))
    else:
        guard_screen.print_explained(context.console(), *told)


@click.command()
@click.option("--once", is_flag=True, help="Look once and end.")
@click.option(
    "--interval",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0.2, 3600),
    help="Seconds between looks.",
)
@click.option(
    "--hours", default=4.0, show_default=True, type=click.FloatRange(0.1, 720), help="How far back."
)
@click.option(
    "--stall", default=10.0, show_default=True, type=click.FloatRange(0.1, 1440),
    help="Minutes without an event that are a stall.",
)  # fmt: skip
@json_option
@click.pass_obj
def watch(context: Context, once: bool, interval: float, hours: float, stall: float, as_json: bool) -> None:
    """Sessions that are under way: time, calls, last event, breakers, and what time alone makes due.

    Time limits that were reached and stalls are written to the guard's log. With --json: looks once.
    """
    from outrider.app.watching import watched  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports import guard_screen, json_guard, json_text  # noqa: PLC0415

    files, console = _files(context), context.console()
    if as_json:
        click.echo(json_text.text(json_guard.watch(watched(files, time.time(), hours, stall * 60))))
        return

    def table() -> Table | Text:
        now = time.time()
        return guard_screen.watch_table(watched(files, now, hours, stall * 60), now)

    try:
        if once or not context.stdout_is_terminal:
            _print_tables(console, table, None if once else interval)
        else:
            _show_live(console, table, interval)
    except KeyboardInterrupt:
        return


def _print_tables(console: Console, table: Callable[[], Table | Text], interval: float | None) -> None:
    """Print one table, or with an interval one after the other: a pipe has no screen to refresh."""
    console.print(table())
    while interval is not None:
        time.sleep(interval)
        console.print(table())


def _show_live(console: Console, table: Callable[[], Table | Text], interval: float) -> None:
    from rich.live import Live  # noqa: PLC0415 - only while watching

    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(table(), refresh=True)
            time.sleep(interval)


def _set_mode(context: Context, mode: str, name: str, project: bool) -> None:
    from outrider.app.guard import find_target, in_force, promote  # noqa: PLC0415 - keeps --help quick

    files = _files(context)
    target, found = find_target(name, lambda skill: _workflow(context, skill))
    promote(files, _section(project), target, found, mode, _compile)
    where = f" in {inert(_section(project))}" if project else ""
    click.echo(f"{mode}: {inert(target.name) or 'the whole guard'}{where}")
    if target.skill:
        for number, text in enumerate(target.rules, 1):
            click.echo(f"  {number if target.kind == 'workflows' else '-'} {inert(text)}")
        if mode in (setting.ADVISE, setting.ENFORCE):
            _tell_backtest(context, target, mode)
    held = in_force(files, Path.cwd()).effective
    if target.kind == "mode" and mode != setting.OFF:
        kept = [*held.settings.modes, *held.workflows, *held.rules]
        if kept:
            click.echo(f"{len(kept)} modes of single names stay as they are: outrider guard status")
    elif held.settings.mode == setting.OFF:
        click.echo("the whole guard is off here: outrider guard advise")


def _tell_backtest(context: Context, target: Target, mode: str) -> None:
    """Say how to see what the rules would have done, before they do it."""
    from outrider.app.roots import configured_root  # noqa: PLC0415 - keeps --help quick

    records = configured_root(context.environment, context.root).folder / "projects"
    click.echo("see what this would have done in the records, before you rely on it:")
    for text in target.rules if target.kind == "rules" else ():
        click.echo(f"  outrider backtest {_quoted(str(records))} --rule {_quoted(text)} --mode {mode}")
    if target.kind == "workflows":
        click.echo(f"  outrider backtest {_quoted(str(records))} --mode {mode}")


def _compile(home: Path, skill: str, workflow: Workflow) -> None:
    """Compile a workflow for the hooks, with the words of the project in the current folder."""
    from outrider.app import rule_cache  # noqa: PLC0415 - keeps --help quick

    rule_cache.write_rules(home, skill, workflow)
    rule_cache.write_words(home, str(Path.cwd()))


def _write_prices(context: Context, home: Path) -> None:
    """Write the prices by which the hooks count cost."""
    from outrider.app.prices import price_list  # noqa: PLC0415 - keeps --help quick
    from outrider.app.rule_cache import write_prices  # noqa: PLC0415

    write_prices(home, price_list(context.environment), datetime.now(timezone.utc))


def _workflow(context: Context, given: str) -> tuple[str, Found]:
    from outrider.app.skills import find_skill, is_path, workflow_in_force  # noqa: PLC0415

    if is_path(given):
        source = find_skill(None, given)
    else:
        with context.library() as library:
            source = find_skill(library, given)
    return source.name, workflow_in_force(source, str(Path.cwd()))


def _ways(entry: Entry) -> list[str]:
    """Return the commands with which a person can be rid of such an intervention."""
    kind, _, skill = entry.detector.partition(":")
    if skill:
        name = _quoted(f"{skill}: {entry.label}")
        return [f"outrider guard observe {name}", f"outrider guard off {name}"]
    if kind == "limit":
        return [f"outrider guard limit {entry.label} none"]
    if kind in ("breaker", "tripped"):
        return [f"outrider guard reset --session {_quoted(entry.session)}"]
    if kind in setting.DETECTORS:
        return [f"outrider guard observe {kind}", f"outrider guard off {kind}"]
    return []


def _files(context: Context) -> GuardFiles:
    from outrider.app.roots import user_folder  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.store.guard_files import GuardFiles  # noqa: PLC0415

    return GuardFiles(user_folder(context.environment))


def _section(project: bool) -> str:
    return str(Path.cwd()) if project else ""


def _quoted(text: str) -> str:
    return shlex.quote(inert(text))


COMMANDS = (guard, watch)
