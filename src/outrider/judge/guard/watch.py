"""Everything that watches one session: the guard's detectors and limits, and the rules of its workflows.

The hook makes one for every event and puts it down again; a backtest keeps one for a whole recorded session.
"""

from __future__ import annotations

from outrider.judge.guard import settings as setting
from outrider.judge.guard.guard import Guard
from outrider.judge.guard.seeing import observations
from outrider.judge.guard.seeing.observations import text_in
from outrider.kernel.limits import GUARD_RUNS, LABEL_CHARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from outrider.judge.guard.ladder import Intervention
    from outrider.judge.guard.live_rules import LiveRules
    from outrider.judge.guard.seeing.observations import Observation
    from outrider.record.activities.activity import Event
    from outrider.record.activities.vocabulary import Vocabulary

_TOOL_ENDS = ("PostToolUse", "PostToolUseFailure")
_TURN_ENDS = ("Stop", "SubagentStop")


class Rulebook:
    """Where rules come from, and how far each may go.

    ``rules_of`` gives the compiled object of a skill's workflow, None where it has none; ``mode_of`` the mode
    of one rule by skill and text; ``vocabulary`` the words, only asked for once there are rules. ``before``
    gives what happened in the session before a skill was loaded. ``always`` is a name that ``rules_of``
    knows: its rules hold from the first event on. ``speaks``: some rule may do more than be noted.
    """

    __slots__ = ("always", "before", "mode_of", "rules_of", "speaks", "vocabulary")

    def __init__(
        self,
        rules_of: Callable[[str], object],
        vocabulary: Callable[[], Vocabulary],
        mode_of: Callable[[str, str], str] | None = None,
        before: Callable[[dict[str, object]], Iterable[Event]] | None = None,
        always: str | None = None,
        *,
        speaks: bool = True,
    ) -> None:
        self.speaks = speaks
        self.rules_of = rules_of
        self.vocabulary = vocabulary
        self.mode_of = mode_of or _observed
        self.before = before or _nothing
        self.always = always


class Watch:
    """Watches one session. ``seen`` is what the guard saw in the last payload.

    A turn that goes on because we held its end is no loop of the model's: that end is not counted.
    Which skill each agent loaded last is remembered, whether it has rules or not.
    """

    __slots__ = ("_book", "_guard", "_held", "_live", "_live_state", "_settings", "_skills", "seen")

    def __init__(
        self, settings: setting.Settings, book: Rulebook | None = None, state: object = None
    ) -> None:
        fields = state if isinstance(state, dict) else {}
        given = None if state is None else fields.get("guard", "damaged")
        self.seen: Observation | None = None
        self._settings = settings
        self._book = book
        self._live: LiveRules | None = None
        self._live_state: object = fields.get("rules")
        self._held = _names(fields.get("held"))
        self._skills = _table(fields.get("skills"))
        self._guard = Guard(settings, given)
        if book is not None and book.always is not None and state is None:
            self._rules().begin(book.always, "")

    @property
    def is_fresh(self) -> bool:
        """Tell whether the state could not be used."""
        return self._guard.is_fresh

    @property
    def guard(self) -> Guard:
        """The detectors and limits, for what comes from outside of events: spending, time, a person."""
        return self._guard

    @property
    def counts_usage(self) -> bool:
        """Tell whether any limit speaks of tokens or cost."""
        return any("tokens" in each or "cost" in each for each in self._settings.limits.values())

    def state(self) -> dict[str, object]:
        """Return everything as plain values; ``Watch(settings, book, state)`` goes on from there."""
        packed: dict[str, object] = {"guard": self._guard.state()}
        live = self._live.state() if self._live is not None else self._live_state
        if live:
            packed["rules"] = live
        if self._held:
            packed["held"] = self._held
        if self._skills:
            packed["skills"] = self._skills
        return packed

    def is_calm(self, state: dict[str, object], now: float) -> bool:
        """Tell whether nothing is near that could be said; ``state`` is a copy, and used up."""
        guards = state.get("guard")
        if not isinstance(guards, dict) or (
            self._book is not None and self._book.speaks and "rules" in state
        ):
            return False
        from outrider.judge.guard.calm import is_calm

        return is_calm(self._settings, guards, self.seen, now)

    def observe(self, payload: dict[str, object], now: float) -> list[Intervention]:
        """Take in one hook payload; returns what is to be done, the gravest first where rules speak."""
        self.seen = observations.of_payload(payload, now)
        self._remember(payload)
        if self._settings.mode == setting.OFF:
            return []
        told = self._ruled(payload, now) if self._book is not None else []
        if (
            told
            and told[0].level in ("deny", "ask", "stop")
            and payload.get("hook_event_name") == "PreToolUse"
        ):
            self._guard.refuse(
                text_in(payload, "tool_use_id"), text_in(payload, "agent_id"), ends=told[0].level == "stop"
            )
            return told
        if self.seen is None or self._is_our_doing(payload, told):
            return told
        return told + self._guard.observe(self.seen, now)

    def _remember(self, payload: dict[str, object]) -> None:
        """Follow which skill an agent works by: what it loads takes the place of what it loaded before.

        No event tells that a skill is done, so a skill that another one loaded does not give way to it again.
        """
        event, agent = payload.get("hook_event_name"), text_in(payload, "agent_id")
        if event == "SessionStart":
            if payload.get("source") in ("startup", "clear"):
                self._skills.clear()
        elif event == "SubagentStop":
            self._skills.pop(agent, None)
        elif skill := _loaded(payload):
            self._skills.pop(agent, None)
            self._skills[agent] = skill[:LABEL_CHARS]
            if len(self._skills) > GUARD_RUNS:
                del self._skills[next(name for name in self._skills if name)]

    def _is_our_doing(self, payload: dict[str, object], told: list[Intervention]) -> bool:
        """Tell whether a turn ends again only because its end was held by us before."""
        if payload.get("hook_event_name") not in _TURN_ENDS:
            return False
        agent = text_in(payload, "agent_id")
        again = agent in self._held
        self._held = [name for name in self._held if name != agent]
        if any(each.level != "note" for each in told):
            self._held.append(agent)
        return again

    def _ruled(self, payload: dict[str, object], now: float) -> list[Intervention]:
        event = payload.get("hook_event_name")
        loaded = _loaded(payload)
        if self._live is None and not self._live_state and not loaded:
            return []
        told: list[Intervention] = []
        if event == "PreToolUse":
            told = self._rules().ahead(payload, now)
        elif event in _TOOL_ENDS:
            self._rules().after(payload, now)
        elif event in _TURN_ENDS and (event == "Stop" or payload.get("agent_type")):
            told = self._rules().owed(text_in(payload, "agent_id"), now)
        elif event in ("UserPromptSubmit", "UserPromptExpansion", "PreCompact"):
            self._turned(str(event), payload, now)
        if loaded:
            self._began(loaded, payload)
        self._follow(now)
        return told

    def _turned(self, event: str, payload: dict[str, object], now: float) -> None:
        from outrider.judge.guard.seeing import prompts
        from outrider.record.activities.activity import Activity, in_family

        if event == "PreCompact":
            self._rules().turn(Activity("compaction"), now)
        elif event == "UserPromptExpansion":
            self._rules().turn(in_family("skill", text_in(payload, "command_name")), now)
        elif not prompts.is_automatic(text_in(payload, "prompt")):
            self._rules().turn(Activity("prompt"), now)

    def _began(self, skill: str, payload: dict[str, object]) -> None:
        book = self._book
        if book is None or book.rules_of(skill) is None:
            return
        self._rules().begin(skill, text_in(payload, "agent_id"), book.before(payload))

    def _follow(self, now: float) -> None:
        """Begin and end the scopes of limits as runs and steps do."""
        if self._live is None:
            return
        self._settings.limits.update(self._live.limits)
        for what, scope in self._live.moved:
            if what == "enter":
                self._guard.enter(scope, now)
            else:
                self._guard.leave(scope)
        self._live.moved.clear()

    def _rules(self) -> LiveRules:
        if self._live is None:
            from outrider.judge.guard.live_rules import LiveRules

            assert self._book is not None, "rules are asked for only where there is a book"
            self._live = LiveRules(
                self._book.rules_of,
                self._book.mode_of,
                self._book.vocabulary(),
                self._live_state,
                interactive=self._settings.interactive,
            )
        return self._live


def _names(value: object) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _table(value: object) -> dict[str, str]:
    """Return names by agent, without what is damaged."""
    table = value.items() if isinstance(value, dict) else ()
    return {agent: name for agent, name in table if isinstance(agent, str) and isinstance(name, str)}


def _observed(skill: str, rule: str) -> str:  # noqa: ARG001 - no rule is promoted
    return setting.OBSERVE


def _nothing(payload: dict[str, object]) -> Iterable[Event]:  # noqa: ARG001 - nothing is known
    return ()


def _loaded(payload: dict[str, object]) -> str:
    """Return the skill that an event loads, however that began: by the model, or typed by a person."""
    event = payload.get("hook_event_name")
    if event == "UserPromptExpansion":
        return text_in(payload, "command_name")
    given = payload.get("tool_input")
    if event != "PostToolUse" or payload.get("tool_name") != "Skill" or not isinstance(given, dict):
        return ""
    name = given.get("skill") or given.get("command")
    return name.lstrip("/") if isinstance(name, str) else ""
