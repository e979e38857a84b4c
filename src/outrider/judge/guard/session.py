"""What the guard remembers of a session, in plain values: it is put down after every event."""

from __future__ import annotations

from outrider.judge.guard.thread import Thread, unpacked
from outrider.kernel.limits import GUARD_AGENTS, GUARD_BREAKERS, GUARD_WAITING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.breaker import Breaker
    from outrider.judge.guard.budgets import Budgets

VERSION = 2

EVERYBODY = "all "
"""How it is written down that a turn is to end; a subagent's name follows where it is its alone."""


class Family:
    """A family of calls that is held back: its breaker, the outcome it kept giving, and how often."""

    __slots__ = ("breaker", "count", "label", "outcome")

    def __init__(self, breaker: Breaker, outcome: str, label: str, count: int) -> None:
        self.breaker = breaker
        self.outcome = outcome
        self.label = label
        self.count = count


class Memory:
    """Threads by agent, held families, budgets, and what the last prompts asked for.

    ``launched`` maps a background subagent to the call that started it; ``running`` a subagent to its start;
    ``hints`` counts hints by detector and key; ``denied`` are ids of calls that the guard held back itself.
    """

    __slots__ = (
        *("answers", "asked", "budgets", "denied", "denies", "displayed", "displaying", "families", "hints"),
        *("launched", "prompt", "prompted", "rounds", "running", "stopped", "threads"),
    )

    def __init__(self) -> None:
        self.threads: dict[str, Thread] = {}
        self.families: dict[str, Family] = {}
        self.budgets: dict[str, dict[str, float]] = {}
        self.launched: dict[str, list[object]] = {}
        self.running: dict[str, float] = {}
        self.hints: dict[str, int] = {}
        self.denies: dict[str, int] = {}
        self.denied: list[str] = []
        self.answers = self.rounds = 0
        self.asked = self.displayed = self.prompted = False
        self.stopped = ""
        self.prompt = ""
        self.displaying = ""

    def thread(self, agent: str) -> Thread:
        """Return the thread of an agent; the one that was silent longest goes when there are too many."""
        found = self.threads.get(agent)
        if found is None:
            if len(self.threads) >= GUARD_AGENTS:
                oldest = min((name for name in self.threads if name), key=self._last, default="")
                self.threads.pop(oldest, None)
            found = self.threads[agent] = Thread()
        return found

    def limited(self) -> Budgets:
        """Return the counters of all scopes; they are loaded only where there are limits."""
        from outrider.judge.guard.budgets import Budgets

        return Budgets(self.budgets)

    def _last(self, agent: str) -> float:
        return self.threads[agent].last

    def hold(self, name: str, family: Family) -> Family:
        """Remember a family that is held back; the oldest goes when there are too many."""
        known = self.families.setdefault(name, family)
        if len(self.families) > GUARD_BREAKERS:
            del self.families[next(iter(self.families))]
        return known

    def stop(self, agent: str) -> None:
        """End the turns of one agent; the end of the main thread is the end of all."""
        if self.stopped != EVERYBODY:
            self.stopped = f"{EVERYBODY}{agent}"

    def is_stopped(self, agent: str) -> bool:
        """Tell whether an agent's turn is to end: a subagent that ran away takes nobody with it."""
        return self.stopped == EVERYBODY or (bool(agent) and self.stopped == f"{EVERYBODY}{agent}")

    def deny(self, call: str) -> None:
        """Remember a call that was held back, so that its result is not taken for one of the model's."""
        if call:
            self.denied = [*self.denied, call][-GUARD_WAITING:]

    def packed(self) -> dict[str, object]:
        """Return everything as plain lists and objects."""
        state: dict[str, object] = {name: getattr(self, name) for name in _PLAIN}
        state["version"] = VERSION
        state["threads"] = {name: thread.packed() for name, thread in self.threads.items()}
        state["budgets"] = self.budgets
        state["families"] = {
            name: [kept.outcome, kept.label, kept.count, kept.breaker.packed()]
            for name, kept in self.families.items()
        }
        return state


_PLAIN = tuple(name for name in Memory.__slots__ if name not in ("threads", "families", "budgets"))


def restored(state: object) -> Memory:
    """Return the memory of ``packed``; raises ValueError, KeyError or TypeError where that is damaged."""
    if not isinstance(state, dict) or state.get("version") != VERSION:
        raise ValueError("another version")
    made = Memory()
    for name in _PLAIN:
        if type(state[name]) is not type(getattr(made, name)):
            raise ValueError(name)
        setattr(made, name, state[name])
    threads, families = state["threads"], state["families"]
    if not isinstance(threads, dict) or not isinstance(families, dict) or len(threads) > GUARD_AGENTS:
        raise ValueError("threads")
    made.threads = {name: unpacked(thread) for name, thread in threads.items()}
    made.families = {name: _family(values) for name, values in families.items()}
    if state["budgets"] != {}:
        from outrider.judge.guard import budgets

        made.budgets = budgets.unpacked(state["budgets"]).scopes
    _check(made)
    return made


def _family(values: object) -> Family:
    from outrider.judge.guard import breaker

    if not isinstance(values, list) or len(values) != 4:
        raise ValueError("families")
    outcome, label, count, packed = values
    if not (isinstance(outcome, str) and isinstance(label, str) and type(count) is int):
        raise ValueError("families")
    return Family(breaker.unpacked(packed), outcome, label, count)


def _check(made: Memory) -> None:
    """Look into the tables: what is used as a number must be one."""
    tables: tuple[dict[str, object], ...] = (dict(made.running), dict(made.hints), dict(made.denies))
    for table in tables:
        if not all(isinstance(value, int | float) for value in table.values()):
            raise ValueError("a table is damaged")
    if not all(isinstance(call, str) for call in made.denied):
        raise ValueError("denied")
    if not all(isinstance(value, list) and len(value) == 6 for value in made.launched.values()):
        raise ValueError("launched")
