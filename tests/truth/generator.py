"""Write a configuration folder of transcripts, and the exact truth about it.

    truth = generate(Path("folder"), traps=ALL, size=TINY, seed=7)

or ``python -m tests.truth.generator FOLDER --size tiny --traps all`` from the root of the
repository. The same arguments give the same bytes. Rules that the truth follows where records alone
leave a choice:

- a request, call, prompt or run belongs to the session that wrote it first, never to a copy of it;
  the original of two sessions that share lines is the one that ends, or goes on by itself, earlier
  (``forkedFrom`` names it where it stands, and modification times follow the same order);
- a session counts when it wrote a user or assistant line of its own;
- subagents' requests count to their session, and to the skill run that launched them;
- the day of a response is the UTC day of its first line;
- a skill run covers the requests after its load until an answer that asks nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .damage import clean, damaged
from .subagents import Folder
from .thread import DAY, Record, Session, Thread, World
from .traps import ALL, BENCH, DAMAGE, FLAVOURS, SIZES, TINY, Size, Trap, weight_of
from .truth import Book, Truth
from .turns import PLAIN, kinds, play

_START = 1_790_000_000_000
"""2026-09-21, in milliseconds."""

_PROJECTS = ("/home/user/shop", "/home/user/work/my_site.v2", "/home/user/tools/données")
_VERSIONS = ("2.0.64", "2.1.63", "2.1.112", "2.1.197", "2.1.330")
_UNRELIABLE_VERSIONS = ("2.1.12", "2.1.25", "2.1.39", "2.1.52")
UNKNOWN_MODEL = "mystery-9"

_AFTER_NEXT_PROMPT = 95_000
"""A prompt comes at most 90 s after a turn; a fork this late overlaps the original's next."""


def generate(root: Path, traps: Iterable[str] = ALL, size: Size = TINY, seed: int = 7) -> Truth:
    """Write ``root/projects/…`` and return what is true about it. ``root`` must be empty or new."""
    on = frozenset(str(Trap(trap)) for trap in traps)
    truth = Truth(seed=seed, size=size.name, traps=sorted(on))
    rng = random.Random(seed)
    world = World(rng, size, on, Book(truth))
    _Author(root / "projects", world).write_all()
    return world.book.close()


def folder_name(cwd: str) -> str:
    """Folder of a project: every character but ASCII letters and digits becomes ``-``."""
    return re.sub(r"[^a-zA-Z0-9]", "-", cwd)


@dataclass
class _Plan:
    """One session; ``marks`` and ``clocks`` are its length and time after each turn."""

    index: int
    session: Session
    flavour: str | None
    kinds: list[str]
    thread: Thread
    folder: Folder = field(default_factory=Folder)
    marks: list[int] = field(default_factory=list)
    clocks: list[int] = field(default_factory=list)


class _Author:
    def __init__(self, projects: Path, world: World) -> None:
        self.projects, self.world = projects, world
        self.kinds = kinds(world.traps)
        self.dealt = 0

    def write_all(self) -> None:
        for index in range(self.world.size.sessions):
            plan = self._session(index)
            self._play(plan)
            self._file(plan)
            self._copies(plan)

    def _session(self, index: int) -> _Plan:
        world = self.world
        flavours = [trap for trap in FLAVOURS if world.on(trap)]
        cycle = max(len(flavours) + 1, world.size.flavour_cycle)
        flavour = flavours[index % cycle] if index % cycle < len(flavours) else None
        unreliable = flavour == Trap.UNRELIABLE
        bare = world.on(Trap.NO_REQUEST_ID) or world.on(Trap.BETWEEN_NO_ID)
        session = Session(
            id=world.uuid(),
            cwd=_PROJECTS[index % len(_PROJECTS)],
            version=world.rng.choice(_UNRELIABLE_VERSIONS if unreliable else _VERSIONS),
            model=self._model(index),
            request_ids=flavour != Trap.RELAY and not (bare and index % 10 in world.size.no_request_id_cycle),
            relay=flavour == Trap.RELAY,
            unreliable=unreliable,
            flat_cache=flavour == Trap.FLAT_CACHE,
            zero_split=flavour == Trap.ZERO_SPLIT,
        )
        clock = _START + index * (45 * DAY // world.size.sessions) + world.rng.randrange(DAY // 4)
        return _Plan(index, session, flavour, self._deal(), Thread(world, session, clock))

    def _model(self, index: int) -> str:
        if self.world.on(Trap.UNKNOWN_MODEL) and index % 5 == 3:
            return UNKNOWN_MODEL
        models = self.world.size.models
        return models[index % len(models)] if index % 4 else models[0]

    def _deal(self) -> list[str]:
        """Kinds of the session's turns: all in turn, or drawn by weight."""
        world = self.world
        count = world.rng.randint(*world.size.turns)
        if world.size.weights:
            weights = [weight_of(kind, world.size) for kind in self.kinds]
            return world.rng.choices(self.kinds, weights, k=count)
        start, self.dealt = self.dealt, self.dealt + count
        return [self.kinds[at % len(self.kinds)] for at in range(start, start + count)]

    def _play(self, plan: _Plan) -> None:
        thread = plan.thread
        for at, kind in enumerate(plan.kinds):
            if at == len(plan.kinds) - 1 and self.world.on(Trap.CONTINUED) and plan.index % 3 == 1:
                thread.clock += DAY + 7_000_000
            play(kind, thread, plan.folder)
            plan.marks.append(len(thread.records))
            plan.clocks.append(thread.clock)

    def _copies(self, plan: _Plan) -> None:
        """Resumed and forked sessions of this one."""
        turn = plan.index % self.world.size.copy_cycle
        half = max(1, len(plan.marks) // 2)
        if turn == 2 and self.world.on(Trap.RESUME):
            resumed = self._branch(plan, len(plan.marks), 3_600_000, marked=False)
            self._go_on(resumed)
            idle = self._branch(plan, len(plan.marks), 4 * 3_600_000, marked=False)
            idle.thread.plain("mode", mode="normal")
            self._file(idle)
        if turn == 4 and self.world.on(Trap.FORK):
            after_end = plan.thread.clock - plan.clocks[half - 1] + 600_000
            self._go_on(self._branch(plan, half, after_end, marked=False))
        if turn == 6 and self.world.on(Trap.FORK_MARKED):
            self._go_on(self._branch(plan, half, _AFTER_NEXT_PROMPT, marked=True))

    def _branch(self, plan: _Plan, turns: int, delay: int, *, marked: bool) -> _Plan:
        world = self.world
        session = Session(**{**vars(plan.session), "id": world.uuid()})
        records = [
            _copied(record, session, marked=marked) for record in plan.thread.records[: plan.marks[turns - 1]]
        ]
        clock = plan.clocks[turns - 1] + delay
        thread = Thread(world, session, clock, records=records)
        thread.leaf = next(record["uuid"] for record in reversed(records) if _on_main_chain(record))
        thread.context = plan.thread.context
        return _Plan(plan.index, session, plan.flavour, [], thread)

    def _go_on(self, plan: _Plan) -> None:
        kinds_here = [PLAIN, *self._deal()[:2]]
        plan.kinds = kinds_here
        for kind in kinds_here:
            play(kind, plan.thread, plan.folder)
        self._file(plan)

    def _file(self, plan: _Plan) -> None:
        name = folder_name(plan.session.cwd)
        clock = plan.thread.clock
        main = f"{name}/{plan.session.id}.jsonl"
        self._put(main, plan.thread.records, clock, self._damage_for(plan))
        for path, records in plan.folder.files.items():
            self._put(f"{name}/{plan.session.id}/{path}", records, clock)
        for path, meta in plan.folder.meta.items():
            target = self.projects / name / plan.session.id / path
            target.write_text(json.dumps(meta), encoding="utf-8")
            _date(target, plan.thread.clock)

    def _damage_for(self, plan: _Plan) -> frozenset[str]:
        shape = {plan.flavour} & {Trap.CRLF, Trap.BOM}
        if plan.index % self.world.size.damage_cycle:
            return frozenset(shape)
        return frozenset(shape | (DAMAGE & self.world.traps))

    def _put(
        self, name: str, records: list[Record], clock: int, damage: frozenset[str] = frozenset()
    ) -> None:
        truth, path = self.world.book.truth, self.projects / name
        made = clean(records)
        if damage:
            made = damaged(
                f"projects/{name}",
                records,
                damage,
                self.world.rng,
                spare_usage=self.world.size.spare_usage,
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.content)
        _date(path, clock)
        truth.files += 1
        truth.lines += made.lines
        truth.blank_lines += made.blank
        if path.name == "journal.jsonl":
            truth.journals += 1
            truth.journal_lines += made.lines
        truth.bytes += len(made.content)
        truth.faults += made.faults
        truth.torn += made.torn


def _copied(record: Record, session: Session, *, marked: bool) -> Record:
    copy = {**record, "sessionId": session.id}
    if marked and "uuid" in record:
        copy["forkedFrom"] = {"sessionId": record["sessionId"], "messageUuid": record["uuid"]}
    return copy


def _date(path: Path, clock: int) -> None:
    """Modified when its session was last written, whatever its lines say."""
    os.utime(path, (clock / 1000, clock / 1000))


def _on_main_chain(record: Record) -> bool:
    return "uuid" in record and not record["isSidechain"]


def _traps(text: str) -> frozenset[str]:
    named = {"all": ALL, "bench": BENCH, "none": frozenset()}
    return frozenset().union(*(named.get(part) or {part} for part in text.split(",") if part != "none"))


def main() -> None:
    """Write a folder; the truth goes beside it, into ``FOLDER.truth.json``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=sorted(SIZES), default="tiny")
    parser.add_argument("--traps", default="all", help="all, bench, none, or names with commas")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    truth = generate(args.folder, _traps(args.traps), SIZES[args.size], args.seed)
    truth.write(args.folder.with_name(args.folder.name + ".truth.json"))
    print(json.dumps({"files": truth.files, "lines": truth.lines, "bytes": truth.bytes}))


if __name__ == "__main__":
    main()
