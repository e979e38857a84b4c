"""Rules compiled for the hooks without anybody asking: ours, and those of plugins, user and project.

What was compiled so only observes until a person promotes it, and its limits are left out, since limits hold
without that. What a person compiled by hand is never written over, and a workflow of somebody else's is not
changed under a mode in which it would speak: that takes a person's look, and `outrider guard compile SKILL`.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

import outrider
from outrider.app.armable import OURS, Armable, Fault, Seen, look
from outrider.app.environment.lock import held
from outrider.app.prices import price_list
from outrider.app.roots import configured_root
from outrider.app.rule_cache import Written, compiled_object, rules_folder, write_prices, write_words
from outrider.app.vocabulary import Vocabularies
from outrider.app.workflows import BESIDE_SKILL, Found, Workflows
from outrider.edge.store.guard_files import GuardFiles, make_private, read_document
from outrider.judge.conformance.compiling import compile_workflow
from outrider.judge.guard import settings as setting
from outrider.judge.guard import trust
from outrider.judge.guard.rule_files import ARMED, is_armed
from outrider.judge.guard.seeing.digests import rules_name
from outrider.kernel.errors import OutriderError, StoreError
from outrider.kernel.inert import clipped, inert
from outrider.kernel.limits import ARMED_BYTES, GUARD_RULES_BYTES
from outrider.plan.workflow.model import Limits, Workflow

_SHOWN = 300
_COMPARED = ("digest", "steps", "step_names")
"""What of compiled rules a person sees at work; limits are left out of what nobody asked for."""


@dataclass(frozen=True, slots=True)
class Armed:
    """What came of it. ``unchanged`` were as they should be; ``removed`` are the skills that are gone.

    ``busy``: another is at work on it, and nothing was done.
    """

    written: tuple[Written, ...] = ()
    unchanged: tuple[Written, ...] = ()
    removed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    busy: bool = False


def arm(home: Path, environment: Mapping[str, str], folder: Path | None, now: float) -> Armed:
    """Compile rules, words and prices for the hooks, as far as they are not as they should be.

    ``home`` is Outrider's own folder, ``folder`` the project's or None, ``now`` in seconds since 1970.
    Whatever is wrong is a fault that is returned. Where another is at work on it, comes back at once.
    """
    files = GuardFiles(home)
    try:
        make_private(files.folder)
        with held(files.folder / "arming.lock", 0) as is_ours:
            return _Arming(files, environment, folder, now).run() if is_ours else Armed(busy=True)
    except OSError as error:
        why = error.strerror or str(error)
        return Armed(faults=(Fault(why, str(files.folder), "check permissions and free space"),))


class _Arming:
    def __init__(
        self, files: GuardFiles, environment: Mapping[str, str], folder: Path | None, now: float
    ) -> None:
        self._files = files
        self._rules = rules_folder(files.home)
        self._environment = environment
        self._folder = folder
        self._now = now
        self._seen = Seen()
        self._kept: dict[str, str] = {}
        self._written: list[Written] = []
        self._unchanged: list[Written] = []
        self._bytes = 0

    def run(self) -> Armed:
        config = configured_root(self._environment, None).folder
        self._seen = look(Path(outrider.__file__).parents[2], config, self._folder)
        try:
            self._write_words_and_prices()
            self._arm_all()
            removed = self._remove(str(config))
        except StoreError as error:
            self._tell(error.message, self._files.folder, error.hint)
            removed = ()
        return Armed(tuple(self._written), tuple(self._unchanged), removed, tuple(self._seen.faults))

    def _write_words_and_prices(self) -> None:
        """Words are the shipped ones: a project's own are written by a person alone, who trusts them."""
        write_words(self._files.home)
        try:
            prices = price_list(self._environment)
            write_prices(self._files.home, prices, datetime.fromtimestamp(self._now, timezone.utc))
        except StoreError:
            raise
        except OutriderError as error:
            self._tell(error.message, "prices", error.hint)

    def _arm_all(self) -> None:
        finders = {"": Workflows(Vocabularies().of_project("").vocabulary.words, lambda _: "")}
        finders[str(self._folder or "")] = Workflows(self._words_of_project(), lambda _: "")
        promoted = _promoted(self._files)
        for each in self._seen.skills:
            name = rules_name(each.skill, each.project)
            if (taken := self._kept.get(name)) is not None:
                if taken != each.skill:
                    self._tell(f"the rules of {taken} stand in its file", each.folder or name, "rename it")
                continue
            self._kept[name] = each.skill
            try:
                self._arm(each, name, finders[each.project], promoted)
            except StoreError:
                raise
            except OutriderError as error:
                self._tell(error.message, each.folder or each.skill, error.hint)
            except Exception as error:
                self._tell(f"a fault of ours: {type(error).__name__}", each.folder or each.skill, "report it")

    def _arm(self, each: Armable, name: str, finder: Workflows, promoted: frozenset[str]) -> None:
        if not self._may_read(each):
            return
        found = finder.of_skill(each.skill, each.project, each.folder, "")
        source = found.path if found.origin != "shipped" else f"shipped:{found.path.removesuffix('.yaml')}"
        if found.mistakes:
            first = found.mistakes[0]
            what = f"{len(found.mistakes)} mistakes, the first in line {first.line}: {first.message}"
            self._tell(what, source, f"outrider workflow check {_quoted(source)}")
            return
        if found.origin in ("derived", "none"):
            del self._kept[name]
            return
        mark = {"skill": each.skill, "origin": each.origin, "holder": each.holder}
        is_ours = each.origin in OURS or found.origin == "shipped"
        workflow = found.workflow if is_ours else _without_limits(found.workflow)
        value = compiled_object(workflow, compile_workflow(workflow), source, **{ARMED: mark})
        told = Written(each.skill, len(workflow.rules), source)
        path = self._rules / name
        if self._may_write(each, found, value, read_document(path).value, is_ours, promoted):
            if len(json.dumps(value, indent=2)) >= GUARD_RULES_BYTES:
                self._tell("compiled it is larger than hooks read", source, "split the workflow")
                return
            is_new = self._files.write_if_other(path, value)
            (self._written if is_new else self._unchanged).append(told)

    def _may_read(self, each: Armable) -> bool:
        """Count what is read of others: nobody's folder makes this work on for minutes."""
        if each.folder is None or each.origin in OURS:
            return True
        try:
            self._bytes += (each.folder / BESIDE_SKILL).stat().st_size
        except OSError:
            return True
        if self._bytes > ARMED_BYTES:
            self._tell("more workflows than are compiled unasked", each.folder, _by_hand(each))
        return self._bytes <= ARMED_BYTES

    def _may_write(
        self,
        each: Armable,
        found: Found,
        value: dict[str, object],
        known: object,
        is_ours: bool,
        promoted: frozenset[str],
    ) -> bool:
        """Tell whether rules may be (or are) as they would be compiled now; says why not."""
        is_same = isinstance(known, dict) and all(known.get(part) == value[part] for part in _COMPARED)
        if isinstance(known, dict) and not is_armed(known) and not _is_of_old(known):
            if not is_same:
                self._tell("it has changed since a person compiled it", found.path, _by_hand(each))
            return False
        if not is_ours and each.skill in promoted and not is_same:
            self._tell("a mode lets it speak, and nobody has looked at it", found.path, _by_hand(each))
            return False
        return True

    def _remove(self, config: str) -> tuple[str, ...]:
        """Remove what we wrote for skills that are gone: looked for where they stood, and not there now."""
        removed = []
        for path in sorted(self._rules.glob("*.json")) if self._rules.is_dir() else ():
            if path.name in self._kept or not is_armed(found := read_document(path).value):
                continue
            mark = _mark(found)
            origin, holder = str(mark.get("origin")), str(mark.get("holder"))
            holders = {config, str(self._folder)} if self._folder else {config}
            was_looked_for = origin in OURS or (holder in holders and origin not in self._seen.unseen)
            source = found.get("source") if isinstance(found, dict) else ""
            if was_looked_for or _is_gone(str(source)):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    self._tell(error.strerror or str(error), path, "remove it")
                else:
                    removed.append(str(mark.get("skill", path.stem)))
        return tuple(removed)

    def _words_of_project(self) -> frozenset[str]:
        """Return the words that a project's workflows may speak in."""
        try:
            words = Vocabularies().of_project(str(self._folder or "")).vocabulary.words
        except OutriderError as error:
            self._tell(error.message, self._folder or "", error.hint)
            words = Vocabularies().of_project("").vocabulary.words
        return frozenset(words)

    def _tell(self, what: str, where: object, remedy: str) -> None:
        self._seen.tell(clipped(what, _SHOWN), where, clipped(remedy, _SHOWN))


def _promoted(files: GuardFiles) -> frozenset[str]:
    """Return the skills that the user lets speak somewhere, with all rules or with any."""
    document = files.read_settings()
    user = files.read_good() if document.wrong else trust.sound(document.value, files.read_good)
    if not isinstance(user, dict):
        return frozenset()
    sections = user.get("projects")
    layers = [user, *(sections.values() if isinstance(sections, dict) else ())]
    names = set()
    for layer in layers:
        made = trust.effective({**layer, "projects": {}}, "", None) if isinstance(layer, dict) else None
        for name, mode in {**made.workflows, **made.rules}.items() if made else ():
            if mode in (setting.ADVISE, setting.ENFORCE):
                names.add(name.partition(": ")[0])
    return frozenset(names)


def _without_limits(workflow: Workflow) -> Workflow:
    steps = tuple(replace(step, limits=Limits()) for step in workflow.steps)
    return replace(workflow, limits=Limits(), steps=steps)


def _is_of_old(known: dict[str, object]) -> bool:
    """Tell whether rules are of our library, from before what nobody asked for was marked."""
    return str(known.get("source", "")).startswith("shipped:")


def _is_gone(source: str) -> bool:
    """Tell whether a workflow's file is surely not there: not merely out of reach."""
    if not source.startswith("/"):
        return False
    try:
        Path(source).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _mark(found: object) -> Mapping[str, object]:
    mark = found.get(ARMED) if isinstance(found, dict) else None
    return mark if isinstance(mark, dict) else {}


def _by_hand(each: Armable) -> str:
    named = str(each.folder) if each.folder and each.origin in ("user", "project") else each.skill
    return f"look at it, then: outrider guard compile {_quoted(named)}"


def _quoted(text: str) -> str:
    return shlex.quote(inert(text))
