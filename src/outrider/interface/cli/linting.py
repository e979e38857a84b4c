"""The command that checks a plugin's text: `outrider lint`."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outrider.kernel.inert import inert

if TYPE_CHECKING:
    from outrider.app.lint import Asked, Linted

_FINDINGS = 1
_RANKS = {"error": 3, "warning": 2, "info": 1}


@click.command()
@click.argument("path", required=False, default=".", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "sarif", "github")),
    default="text",
    show_default=True,
    help="Output.",
)
@click.option("--select", metavar="CODES", default="", help="Also rules that are off: OR406,OR6 or all.")
@click.option("--only", metavar="CODES", default="", help="Nothing but these rules.")
@click.option("--ignore", metavar="CODES", default="", help="Leave these rules out.")
@click.option(
    "--profile", type=click.Choice(("claude-code", "portable")), help="Whose front matter rules hold."
)
@click.option(
    "--since", metavar="REV", default="", help="Only findings in files changed since a git revision."
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing a meaning.")
@click.option("--unsafe", is_flag=True, help="With --fix: also what a person should look at.")
@click.option("--diff", is_flag=True, help="With --fix: show what would change, write nothing.")
@click.option("--baseline", metavar="FILE", default="", help="Leave out the findings that this file holds.")
@click.option("--write-baseline", metavar="FILE", default="", help="Write the findings to a baseline file.")
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    default="warning",
    show_default=True,
    help="Least severity that gives exit code 1.",
)
@click.option("--validate", is_flag=True, help="Also ask `claude plugin validate`, when the client is there.")
@click.option("--explain", metavar="CODE", default="", help="Say what a rule is about, and stop.")
@click.option("--rules", is_flag=True, help="List all rules, and stop.")
@click.pass_context
def lint(ctx: click.Context, /, path: Path, **given: object) -> None:
    """Find what is wrong in a plugin's skills, commands, agents, hooks and docs.

    PATH is a plugin, a folder of skills or a file in one. Settings stand in [lint] of outrider.toml.
    Exit code 1 when there are findings.
    """
    from outrider.app import lint as linting  # noqa: PLC0415 - keeps --help quick

    options = _Given(**given)  # type: ignore[arg-type]
    if options.rules or options.explain:
        _tell_rules(options.explain)
        return
    linted = linting.lint(path, options.asked())
    if options.fix:
        linted = _fixed(linted, path, options)
    if options.validate:
        linted = _validated(linted)
    if options.write_baseline:
        linting.write_baseline(linted, Path(options.write_baseline))
        click.echo(f"{len(linted.findings)} findings written to {inert(options.write_baseline)}")
        return
    _show(linted, options.form)
    if any(_RANKS[each.severity] >= _RANKS.get(options.fail_on, 9) for each in linted.findings):
        ctx.exit(_FINDINGS)


@dataclass(frozen=True, slots=True)
class _Given:
    """The options of one call."""

    form: str
    select: str
    only: str
    ignore: str
    profile: str | None
    since: str
    fix: bool
    unsafe: bool
    diff: bool
    baseline: str
    write_baseline: str
    fail_on: str
    validate: bool
    explain: str
    rules: bool

    def asked(self) -> Asked:
        """Return what these ask of lint."""
        from outrider.app.lint import Asked  # noqa: PLC0415 - keeps --help quick

        codes = _codes(self.select), _codes(self.ignore), _codes(self.only)
        return Asked(self.profile or "", *codes, self.since, self.baseline, not self.write_baseline)


def _codes(given: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in given.split(",") if code.strip())


def _show(linted: Linted, form: str) -> None:
    from outrider.edge.reports import lint_forms  # noqa: PLC0415 - keeps --help quick

    findings, counts = linted.findings, (linted.suppressed, linted.known)
    if form == "json":
        click.echo(json.dumps(lint_forms.lint_json(findings, *counts), indent=1, ensure_ascii=True))
    elif form == "sarif":
        click.echo(json.dumps(lint_forms.sarif(findings), indent=1, ensure_ascii=True))
    elif form == "github":
        for line in lint_forms.github_lines(findings):
            click.echo(line)
    else:
        components = linted.collection.components
        checked = (
            f"{sum(each.kind == 'skill' for each in components)} skills, {len(linted.collection.pages)} pages"
        )
        click.echo("\n".join(lint_forms.text_lines(findings, *counts, checked)))


def _fixed(linted: Linted, path: Path, options: _Given) -> Linted:
    from outrider.app import lint as linting  # noqa: PLC0415 - keeps --help quick
    from outrider.app.lint_fixing import fixes, write_fixes  # noqa: PLC0415

    texts = fixes(linted, unsafe=options.unsafe)
    if options.diff:
        for name, text in texts.items():
            old = linted.collection.tree.text(name)
            lines = difflib.unified_diff(
                old.split("\n"), text.split("\n"), f"a/{name}", f"b/{name}", lineterm="", n=1
            )
            click.echo("\n".join(inert(line) for line in lines))
        return linted
    write_fixes(linted.root, texts)
    click.echo(f"mended {len(texts)} file{'s' if len(texts) != 1 else ''}", err=True)
    return linting.lint(path, options.asked()) if texts else linted


def _validated(linted: Linted) -> Linted:
    from outrider.app.host_validation import validated  # noqa: PLC0415

    found, said = validated(linted.root)
    if said:
        click.echo(f"note: {inert(said)}", err=True)
    return replace(linted, findings=[*linted.findings, *found])


def _tell_rules(code: str) -> None:
    from outrider.judge.lint.catalogue import RULES  # noqa: PLC0415 - keeps --help quick

    chosen = [rule for rule in RULES.values() if not code or code in (rule.code, rule.slug)]
    for rule in chosen:
        click.echo(f"{rule.code}  {rule.tier:<7}  {rule.slug:<22}  {rule.title}")
    if not chosen:
        raise click.UsageError(f"{inert(code)} is no rule: `outrider lint --rules` lists them")
    if code:
        click.echo(f"see docs/rules/{chosen[0].code}.md")


COMMANDS = (lint,)
