"""What the guard remembers of one agent: its last calls, and a little of what lies further back.

Everything is bounded, and everything goes into plain lists and back, since a hook lives for one event.
"""

from __future__ import annotations

from outrider.kernel.limits import GUARD_KEYS, GUARD_RING, GUARD_WAITING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from outrider.judge.guard.seeing.observations import Observation

    Value = TypeVar("Value")

_FIELDS = (
    *("seq", "start", "end", "call", "tool", "key", "family", "kind", "label", "target", "outcome", "bare"),
    *("identity", "size", "flags", "group", "epoch", "context"),
)

FAILED = 1
REFUSED = 2
TRANSIENT = 4
NOVEL = 8
FAILING = 16
SILENT = 32
"""No answer came: what the call did is not known."""
ASKED = 64
"""A person was asked for permission."""


class Lap:
    """One call with its outcome. ``epoch`` counts novel mutations, ``context`` compactions before it."""

    __slots__ = _FIELDS

    def __init__(self) -> None:
        self.seq = self.size = self.flags = self.group = self.epoch = self.context = 0
        self.start = self.end = 0.0
        self.call = self.tool = self.key = self.family = self.kind = self.label = self.target = ""
        self.outcome = self.bare = self.identity = ""

    def has(self, flag: int) -> bool:
        """Tell whether ``flag`` is set."""
        return bool(self.flags & flag)

    def packed(self) -> list[object]:
        """Return the lap as a plain list."""
        return [getattr(self, name) for name in _FIELDS]


def started(seen: Observation) -> Lap:
    """Return the lap of a call that has no answer yet."""
    lap = Lap()
    lap.start = lap.end = seen.time
    lap.start -= seen.took
    lap.call, lap.tool, lap.key, lap.family = seen.call, seen.tool, seen.key, seen.family
    lap.kind, lap.label, lap.target = seen.kind, seen.label, seen.target
    return lap


def answer(lap: Lap, seen: Observation) -> None:
    """Put the outcome of ``seen`` into ``lap``."""
    lap.end = max(seen.time, lap.start)
    lap.outcome, lap.bare, lap.identity, lap.size = seen.outcome, seen.bare, seen.identity, seen.size
    lap.flags = (
        FAILED * seen.failed + REFUSED * seen.refused + TRANSIENT * seen.transient + FAILING * seen.failing
    )


def one_a_reply(laps: list[Lap]) -> list[Lap]:
    """Keep one lap of each reply: calls made at once could not learn from each other."""
    kept: list[Lap] = []
    for lap in laps:
        if not kept or not lap.group or lap.group != kept[-1].group:
            kept.append(lap)
    return kept


class Thread:
    """The memory of one agent.

    ``ring`` are answered calls, ``waiting`` calls without answer; ``keys`` maps key and outcome to the epoch
    in which it was first seen; ``contents`` maps an edited place to what was written there, newest last;
    ``stuck`` maps an error to [laps in different epochs, epoch of the last, key]; ``across`` maps key and
    outcome to [context, contexts in a row]. ``floor`` is the lap up to which nothing counts any more,
    ``hinted`` the lap of the last hint.
    """

    __slots__ = (
        *(
            "across",
            "batched",
            "compactions",
            "contents",
            "context",
            "edits",
            "epoch",
            "floor",
            "group",
            "hinted",
        ),
        *(
            "keys",
            "last",
            "last_event",
            "messages",
            "ring",
            "seq",
            "since_compaction",
            "stage",
            "stops",
            "stuck",
        ),
        *("waiting", "progressed", "new_keys", "group_name", "told_group"),
    )

    def __init__(self) -> None:
        self.ring: list[Lap] = []
        self.waiting: list[Lap] = []
        self.seq = self.epoch = self.context = self.group = self.floor = self.hinted = 0
        self.last = 0.0
        self.last_event = ""
        self.batched = False
        self.keys: dict[str, int] = {}
        self.contents: dict[str, list[str]] = {}
        self.edits: dict[str, list[object]] = {}
        self.stuck: dict[str, list[object]] = {}
        self.across: dict[str, list[int]] = {}
        self.compactions = self.since_compaction = self.stage = self.stops = 0
        self.progressed = False
        self.new_keys = self.told_group = 0
        self.group_name = ""
        self.messages: list[str] = []

    def add(self, lap: Lap) -> None:
        """Append an answered call; the oldest goes when the ring is full."""
        self.seq += 1
        lap.seq = self.seq
        lap.epoch = self.epoch
        lap.context = self.context
        self.ring.append(lap)
        if len(self.ring) > GUARD_RING:
            del self.ring[0]

    def wait_for(self, lap: Lap) -> None:
        """Keep a call that waits for its answer."""
        self.waiting.append(lap)
        if len(self.waiting) > GUARD_WAITING:
            del self.waiting[0]

    def take(self, call: str, key: str) -> Lap | None:
        """Take the waiting call with this id, or without ids the oldest one with this key."""
        for at, lap in enumerate(self.waiting):
            if lap.call == call if call else lap.key == key:
                return self.waiting.pop(at)
        return None

    def recall(self, call: str) -> Lap | None:
        """Take back a call that was given up, whose answer has come after all."""
        for at, lap in enumerate(self.ring):
            if call and lap.call == call and lap.has(SILENT):
                return self.ring.pop(at)
        return None

    def worked(self) -> None:
        """A tool was called: what was said or held back without one is over."""
        self.stage = self.stops = 0
        self.messages = []

    def is_new(self, name: str) -> bool:
        """Tell whether a key with its outcome is seen for the first time, and remember it."""
        novel = name not in self.keys
        put(self.keys, name, self.epoch)
        return novel

    def answered(self, call: str) -> bool:
        """Tell whether the answer of this call is known: every event may come twice."""
        return bool(call) and any(lap.call == call and not lap.flags & SILENT for lap in self.ring)

    def clear(self) -> None:
        """Begin anew after a human message; what was written and seen stays known."""
        self.floor = self.hinted = self.seq
        self.stuck.clear()
        self.edits.clear()
        self.messages.clear()
        self.stops = 0

    def packed(self) -> dict[str, object]:
        """Return everything as plain lists and objects."""
        state: dict[str, object] = {name: getattr(self, name) for name in _PLAIN}
        state["ring"] = [lap.packed() for lap in self.ring]
        state["waiting"] = [lap.packed() for lap in self.waiting]
        return state


_PLAIN = tuple(name for name in Thread.__slots__ if name not in ("ring", "waiting"))


def put(kept: dict[str, Value], name: str, value: Value) -> None:
    """Set ``name`` as the newest entry; the oldest goes when there are too many."""
    kept.pop(name, None)
    kept[name] = value
    if len(kept) > GUARD_KEYS:
        del kept[next(iter(kept))]


def unpacked(state: object) -> Thread:
    """Return the thread of ``packed``; raises ValueError or its kin where that is damaged."""
    if not isinstance(state, dict):
        raise ValueError("a thread is an object")
    made = Thread()
    for name in _PLAIN:
        value = state[name]
        if type(value) is not type(getattr(made, name)) and not (name == "last" and type(value) is int):
            raise ValueError(name)
        setattr(made, name, value)
    made.ring = [_lap(values) for values in _list(state["ring"])[-GUARD_RING:]]
    made.waiting = [_lap(values) for values in _list(state["waiting"])[-GUARD_WAITING:]]
    _check(made)
    return made


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return value


def _lap(values: object) -> Lap:
    given = _list(values)
    made = Lap()
    if len(given) != len(_FIELDS):
        raise ValueError("a lap has other fields")
    for name, value in zip(_FIELDS, given, strict=True):
        if type(value) is not type(getattr(made, name)) and not (
            name in ("start", "end") and type(value) is int
        ):
            raise ValueError(name)
        setattr(made, name, value)
    return made


def _check(made: Thread) -> None:
    for kept in (made.keys, made.contents, made.edits, made.stuck, made.across):
        if len(kept) > GUARD_KEYS or not all(isinstance(name, str) for name in kept):
            raise ValueError("a table is damaged")
    lists: list[object] = [
        *made.contents.values(),
        *made.edits.values(),
        *made.stuck.values(),
        *made.across.values(),
    ]
    if not all(isinstance(value, list) for value in lists):
        raise ValueError("a table is damaged")
    if not all(type(value) is int for value in made.keys.values()):
        raise ValueError("a table is damaged")
