"""The sample records, as if they had been made in folders of the test: a project and a plugin to change."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from outrider.app.audit import Auditor, SessionAudit, wrangler_audits
from outrider.app.sessions import find_session
from outrider.edge.store.queries import Scope
from outrider.judge.conformance.wrangler_log import WranglerFinding
from outrider.record.wrangler import WranglerSession

from .stores import SAMPLE, copied, library

STEPS = """\
skill: practicing-tdd
steps:
  red: { evidence: [edit.test, test.fail] }
  green: { evidence: [edit.src, test.pass] }
  commit: { evidence: [git.commit] }
order: (red > green)+ > commit
"""
RULES = (
    STEPS
    + """\
rules:
  - before edit.src require test.fail since edit.test
  - before git.push require test.pass
"""
)
BAD = "skill: practicing-tdd\nsteps:\n  red: { evidence: [tset.fail] }\norder: red > gren\n"
SESSIONS = ("8843a8ab", "1d1b608b", "01c3af73", "270e7eaa")
"""The sessions with a run of `practicing-tdd`, the oldest first; all but the first two of version 1.3.0."""


@dataclass(frozen=True)
class Shop:
    """``config`` is the configuration folder, ``project`` where its sessions ran, ``plugins`` the plugin's."""

    config: Path
    project: Path
    plugins: Path

    def beside(self, version: str, skill: str = "practicing-tdd") -> Path:
        """The folder of a skill."""
        return self.plugins / version / "skills" / skill

    def write(self, name: str, text: str, folder: Path | None = None) -> Path:
        """Write a file of the project, or of another folder."""
        path = (folder or self.project) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def workflow(self, text: str, skill: str = "practicing-tdd") -> Path:
        """Write the project's workflow file of a skill."""
        return self.write(f".outrider/workflows/{skill}.yaml", text)


def shop(folder: Path) -> Shop:
    """A shop below ``folder``."""
    made = Shop(copied(SAMPLE, folder / "config"), folder / "shop", folder / "craft")
    made.project.mkdir()
    for path in (made.config / "projects").rglob("*.jsonl"):
        text = path.read_text("utf-8").replace("/home/dev/shop", str(made.project))
        text = text.replace("/home/dev/.claude/plugins/cache/craft-market/craft", str(made.plugins))
        path.write_text(text, "utf-8")
    return made


def audits_of(config: Path, skill: str = "", scope: Scope | None = None) -> list[SessionAudit]:
    """The audits of all sessions of a configuration folder."""
    with closing(library(config, config.parent / "store")) as opened:
        return list(Auditor(opened).all_sessions(scope or Scope(), skill))


def audit_of(config: Path, session: str, skill: str = "") -> SessionAudit:
    """The audit of one session."""
    with closing(library(config, config.parent / "store")) as opened:
        return Auditor(opened).session(find_session(opened, session), skill)


def wrangler_of(
    config: Path, name: str | None = None, scope: Scope | None = None
) -> list[tuple[WranglerSession, list[WranglerFinding]]]:
    """The audits of wrangler's logs."""
    with closing(library(config, config.parent / "store")) as opened:
        return wrangler_audits(opened, name, scope or Scope())
