"""The command that tries guard and rules on recorded sessions."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outrider.interface.cli.context import Context, json_option

if TYPE_CHECKING:
    from outrider.app.backtest import Plan
    from outrider.judge.backtest.cases import Backtest

_FINDINGS, _UNREADABLE = 1, 3
_MODES = ("observe", "advise", "enforce")
_ANSWERS = {"r": "right", "w": "wrong", "u": "unsure"}


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--rules", metavar="FILE", help="A workflow file whose rules hold for the whole session.")
@click.option("--rule", metavar="RULE", help="Only this rule: its text, or its number in FILE.")
@click.option(
    "--mode", type=click.Choice(_MODES), help="How far guard and rules may go [advise; a rule's own mode]."
)
@click.option("--headless", is_flag=True, help="As if nobody were there to ask: stop instead.")
@click.option("--review", is_flag=True, help="Step through the cases and remember what you say of each.")
@json_option
@click.pass_context
def backtest(
    ctx: click.Context,
    paths: tuple[str, ...],
    rules: str | None,
    rule: str | None,
    mode: str | None,
    headless: bool,
    review: bool,
    as_json: bool,
) -> None:
    """Say what the guard would have done in recorded sessions, where, and what it would have spared.

    PATH is a log of hook events (JSON lines of `t` and `payload`), a transcript, or a folder of either; a
    configuration folder is one as well. Nothing is held back by this. With --rule the built-in detectors
    stay silent. Exit code 1 when anything would have been said or held back (more than a note), 3 when
    something could not be read.
    """
    if review and as_json:
        raise click.UsageError("--review asks a person; --json is for programs")
    context: Context = ctx.obj
    plan = _plan(ctx, rules, rule, mode, headless, review)
    found = _run(context, paths, plan)
    from outrider.edge.reports import backtest_screen, json_backtest, json_text  # noqa: PLC0415

    if as_json:
        click.echo(json_text.text(json_backtest.backtest(found)))
    elif review:
        _review(context, found)
    else:
        backtest_screen.print_backtest(context.console(), found)
    ctx.exit(_UNREADABLE if found.unreadable else _FINDINGS if found.intervened else 0)


def _plan(
    ctx: click.Context, file: str | None, rule: str | None, mode: str | None, headless: bool, review: bool
) -> Plan:
    from outrider.app.backtest import plan_for  # noqa: PLC0415 - keeps --help quick
    from outrider.app.backtest_rules import rules_for  # noqa: PLC0415
    from outrider.edge.reports.audit_screen import mistake_line  # noqa: PLC0415

    rules = rules_for(file, rule, mode, str(Path.cwd()))
    for mistake in rules.mistakes if rules else ():
        click.echo(
            f"error[workflow-badly-written]: {mistake_line(rules.path if rules else '', mistake)}", err=True
        )
    if rules and rules.mistakes:
        ctx.exit(_UNREADABLE)
    return plan_for(
        mode or "advise",
        interactive=not headless,
        book=rules.book if rules else None,
        limits=rules.limits if rules and rule is None else {},
        only_rules=rule is not None,
        with_around=review,
    )


def _run(context: Context, paths: tuple[str, ...], plan: Plan) -> Backtest:
    from outrider.app.backtest import run_backtest  # noqa: PLC0415 - keeps --help quick
    from outrider.app.backtest_transcripts import TranscriptTests  # noqa: PLC0415
    from outrider.app.prices import price_list  # noqa: PLC0415
    from outrider.kernel.redaction import default_redactor  # noqa: PLC0415

    redactor = default_redactor()
    prices = price_list(context.environment).table()
    tests = TranscriptTests(redactor.redact, prices.cost_nano_usd, redactor.may_hold_secret)
    return run_backtest(paths, plan, tests)


def _review(context: Context, found: Backtest) -> None:
    """Show each case that nobody has judged yet and ask; an empty answer passes on, `q` ends."""
    from outrider.app.labels import VERDICTS, labels  # noqa: PLC0415 - keeps --help quick
    from outrider.edge.reports.backtest_screen import print_case  # noqa: PLC0415
    from outrider.kernel.redaction import default_redactor  # noqa: PLC0415

    known = labels(context.environment)
    clean = default_redactor().redact
    cases = [(tested, case) for tested in found.sessions for case in tested.cases]
    open_cases = [(tested, case) for tested, case in cases if known.of(tested, case) is None]
    console = context.console()
    for number, (tested, case) in enumerate(open_cases, 1):
        print_case(console, tested, case, clean)
        answer = _asked(f"case {number} of {len(open_cases)}: right, wrong, unsure, skip, quit")
        if answer == "q":
            break
        verdict = next((each for each in VERDICTS if each == _ANSWERS.get(answer)), None)
        if verdict:
            known.add(tested, case, verdict, time.time())
    counts = [f"{sum(known.of(*each) == verdict for each in cases):,} {verdict}" for verdict in VERDICTS]
    left = sum(known.of(*each) is None for each in cases)
    click.echo(f"{len(cases):,} cases: {', '.join(counts)}, {left:,} not judged")


def _asked(question: str) -> str:
    """Ask until the answer is one; the end of input ends the review."""
    while True:
        try:
            answer = click.prompt(f"{question} [r/w/u/s/q]", default="s", show_default=False).strip().lower()
        except click.Abort:
            return "q"
        if answer[:1] in ("r", "w", "u", "s", "q"):
            return str(answer[:1])


COMMANDS = (backtest,)
