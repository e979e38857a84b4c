"""One event of one session: state in, judgement, state out, and what is to be answered.

Under the lock of the session, since the hooks of parallel calls run at the same time. What is decided is
written down before it is said: where that fails, nothing is said.
"""

from __future__ import annotations

import sys

from outrider.interface.hook import decisions, faults, files
from outrider.interface.hook.quiet import WARY
from outrider.interface.hook.wire import read_json, write_json
from outrider.judge.guard.seeing.observations import OWN_MEMBER, packed, text_in
from outrider.judge.guard.settings import Settings
from outrider.judge.guard.watch import Watch
from outrider.kernel.limits import (
    GUARD_FAULTS,
    GUARD_LOG_BYTES,
    GUARD_OPEN,
    GUARD_SPOOL_BYTES,
    GUARD_SPOOL_LINE_BYTES,
    GUARD_STATE_BYTES,
    GUARD_STATE_SECONDS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from outrider.interface.hook.places import Places
    from outrider.interface.hook.quiet import Lane
    from outrider.judge.guard.ladder import Intervention
    from outrider.judge.guard.watch import Rulebook

KEPT = (
    *("hook_event_name", "session_id", "prompt_id", "agent_id", "agent_type", "tool_name", "tool_use_id"),
    *("permission_mode", "duration_ms", "source", "reason", "trigger", "is_interrupt", "stop_hook_active"),
)
"""What of a payload is spooled: names, ids, times and flags; never a text."""

KEPT_CHARS = 120

KEPT_AT_LEAST = ("hook_event_name", "session_id", "agent_id", "tool_use_id")
KEPT_AT_LEAST_CHARS = 36
"""What is kept of a payload whose line would be too long: twelve bytes a character at most, 2 KiB in all."""

CALMING_EVENTS = ("SessionStart", "UserPromptSubmit", "PostToolUse", "PostToolUseFailure")
"""After which it is asked anew whether the session is calm."""

LINE_BYTES = 1 << 16
"""A path is shorter."""

SPENDING_EVENTS = ("PostToolBatch", "Stop", "SubagentStop", "UserPromptSubmit")
"""Where tokens are counted: the transcript is behind at the others."""


class Session:
    """The event at hand with everything it needs. ``own`` tells this process from others.

    Where it came through the quiet ``lane``, the host has not waited, and what is to be said waits as well.
    """

    __slots__ = ("_environment", "_lane", "_now", "_own", "_places", "_state", "_watch")

    def __init__(
        self, places: Places, environment: Mapping[str, str], now: float, own: str, lane: Lane
    ) -> None:
        self._places = places
        self._lane = lane
        self._environment = environment
        self._now = now
        self._own = own
        self._state: dict[str, object] = {}
        self._watch = Watch(Settings())

    def handle(self, event: str, payload: dict[str, object]) -> dict[str, object] | None:
        """Take in one event; returns the answer, None where there is nothing to say."""
        if event == "SessionStart":
            self._clean()
            self._tell_launcher()
            self._tell_strict()
        if self._is_tripped(event):
            return self._tripped(event, payload)
        with files.Lock(self._places.state("lock")):
            self._begin()
            told = self._watch.observe(payload, self._now) + self._spend(event, payload)
            said = self._say(event, text_in(payload, "agent_id"), told)
            self._follow(event, payload)
            self._note(payload, told, said)
            self._spool(payload)
            self._watch_out(told)
            self._save()
            self._settle(event)
        return None if self._lane.is_late else said

    def _begin(self) -> None:
        state, damaged = self._stored()
        settings, book = self._settings()
        self._watch = Watch(settings, book, state.get("watch"))
        self._state = state
        if damaged or self._watch.is_fresh:
            faults.mark(self._places, "state-damaged", self._now)
        if self._is_newer("reset"):
            self._watch.guard.force("closed")
            files.remove(self._places.state("errors"))

    def _stored(self) -> tuple[dict[str, object], bool]:
        path = self._places.state()
        try:
            raw = files.read_at_most(path, GUARD_STATE_BYTES)
            if raw is None:
                return {}, files.exists(path)
            state = read_json(raw.decode("ascii"))
        except (ValueError, RecursionError):
            return {}, True
        except OSError as error:
            from errno import ELOOP, ENXIO

            # A state that cannot be read just now may be a good one, and is not written over.
            if error.errno not in (ELOOP, ENXIO):
                raise
            return {}, True
        return (state, False) if isinstance(state, dict) else ({}, True)

    def _settings(self) -> tuple[Settings, Rulebook | None]:
        interactive = not _is_headless(self._environment)
        if files.size_of(self._places.state("errors")) >= GUARD_FAULTS:
            return Settings("observe", interactive=interactive), None
        project = self._environment.get("CLAUDE_PROJECT_DIR", "")
        own, theirs = f"{self._places.guard}/settings.json", f"{project}/.outrider/guard.json"
        has_rules = files.exists(f"{self._places.guard}/vocabulary.json")
        if not files.exists(own) and not (project and files.exists(theirs)) and not has_rules:
            return Settings(interactive=interactive), None
        from outrider.interface.hook import configuration

        return configuration.read(
            self._places, project, self._now, interactive=interactive, has_rules=has_rules
        )

    def _is_tripped(self, event: str) -> bool:
        """Tell whether this event is to be refused; one that came quietly has gone by."""
        if self._lane.is_late or event not in ("PreToolUse", "PostToolBatch"):
            return False
        return any(map(files.exists, self._places.flag("tripped")))

    def _tripped(self, event: str, payload: dict[str, object]) -> dict[str, object]:
        """A person has tripped the breaker: nothing runs any more, and the turn ends.

        That holds even where nothing can be written down: it was asked for.
        """
        from outrider.judge.guard import answers
        from outrider.judge.guard.ladder import Intervention

        call = text_in(payload, "tool_use_id")
        switch = Intervention(
            *("stop", "tripped", 1),
            evidence=(call,) if call else (),
            agent=text_in(payload, "agent_id"),
            key=call,
            label="session",
            time=self._now,
        )
        text = answers.render(switch, self._id(switch))
        said = decisions.refused("deny", text) if event == "PreToolUse" else decisions.ended(text)
        try:
            with files.Lock(self._places.state("lock")):
                self._begin()
                if event == "PreToolUse":
                    self._watch.guard.refuse(call)
                else:
                    self._watch.observe(payload, self._now)
                self._note(payload, [switch], said)
                self._spool(payload)
                self._save()
        except Exception as error:
            faults.blame(self._places, type(error).__name__, self._now)
        return said

    def _say(self, event: str, agent: str, told: list[Intervention]) -> dict[str, object] | None:
        """Return what is answered now; what this event cannot carry waits in the state."""
        waiting = self._state.pop("waiting", None)
        loud = [each for each in told if each.level != "note"]
        if self._lane.is_late:
            self._keep(event, loud, waiting)
            return None
        if event == "PostToolBatch" and self._watch.guard.is_stopped(agent):
            return decisions.ended(self._stop_text())
        if not loud:
            return self._late(event, waiting)
        from outrider.judge.guard import answers

        first = loud[0]
        text = answers.render(first, self._id(first))
        given = decisions.answer(event, first, text)
        if given is None or (first.level == "ask" and event != "PreToolUse"):
            self._state["waiting"] = [first.level, text]
        return given

    def _keep(self, event: str, loud: list[Intervention], waiting: object) -> None:
        """Keep what the host does not wait for; a call that should have been held has begun by now."""
        first = loud[0] if loud else None
        if first is not None and event == "PreToolUse" and first.level != "hint":
            faults.mark(self._places, "answer-too-late", self._now)
        elif first is not None:
            from outrider.judge.guard import answers

            waiting = [first.level, answers.render(first, self._id(first))]
        if waiting is not None:
            self._state["waiting"] = waiting

    def _late(self, event: str, waiting: object) -> dict[str, object] | None:
        if not isinstance(waiting, list) or len(waiting) != 2:
            return None
        level, text = str(waiting[0]), str(waiting[1])
        if level == "ask" and event == "PreToolUse":
            return decisions.refused("ask", text)
        if level != "ask" and event in decisions.CONTEXT_EVENTS:
            return decisions.context(event, text)
        self._state["waiting"] = waiting
        return None

    def _stop_text(self) -> str:
        from outrider.judge.guard import answers
        from outrider.judge.guard.ladder import Intervention

        return answers.render(Intervention("stop", "stopped", 1, label="The run", time=self._now), "stopped")

    def _follow(self, event: str, payload: dict[str, object]) -> None:
        """Write down what the model did after it was told something."""
        told = self._state.get("told")
        if not isinstance(told, list) or not told or event not in ("PreToolUse", "Stop", "SubagentStop"):
            return
        from outrider.interface.hook import log

        agent = text_in(payload, "agent_id")
        mine = [each for each in told if isinstance(each, list) and len(each) == 3 and each[1] == agent]
        self._state["told"] = [each for each in told if each not in mine]
        for each in mine:
            self._append_log(log.followed(each, self._watch.seen, payload, event, self._now))

    def _note(self, payload: dict[str, object], told: list[Intervention], said: object) -> None:
        """Write every intervention down, those that were not said too."""
        if not told:
            return
        from outrider.interface.hook import log

        open_ones = self._state.get("told")
        kept = open_ones if isinstance(open_ones, list) else []
        for each in told:
            name = self._id(each)
            texts = (log.text_of(said), log.waiting_text(self._state.get("waiting")))
            text = next((text for text in texts if name in text), "")
            self._append_log(log.entry(each, name, payload, self._places.session, text))
            kept.append([name, each.agent, each.key])
        self._state["told"] = kept[-GUARD_OPEN:]

    def _append_log(self, line: dict[str, object]) -> None:
        files.append_line(self._places.log, _line(line), GUARD_LOG_BYTES)

    def _spool(self, payload: dict[str, object]) -> None:
        """Keep what was seen, without its texts, for reports and backtests."""
        kept: dict[str, object] = {}
        for name in KEPT:
            value = payload.get(name)
            if isinstance(value, str):
                kept[name] = value[:KEPT_CHARS]
            elif isinstance(value, bool | int | float):
                kept[name] = value
        if self._watch.seen is not None:
            kept[OWN_MEMBER] = packed(self._watch.seen)
        line = _line({"t": round(self._now, 3), "payload": kept})
        if len(line) > GUARD_SPOOL_LINE_BYTES:
            kept = {name: str(kept[name])[:KEPT_AT_LEAST_CHARS] for name in KEPT_AT_LEAST if name in kept}
            line = _line({"t": round(self._now, 3), "payload": kept})
        files.append_line(self._places.spool, line, GUARD_SPOOL_BYTES)

    def _spend(self, event: str, payload: dict[str, object]) -> list[Intervention]:
        """Count tokens and cost where a limit asks for them."""
        if event not in SPENDING_EVENTS or not self._watch.counts_usage:
            return []
        from outrider.interface.hook import configuration, spending

        prices = configuration.prices(self._places)
        return spending.count(self._watch, self._state, payload, prices, self._now)

    def _save(self) -> None:
        state = {**self._state, "watch": self._watch.state(), "seen": round(self._now, 3)}
        files.replace_whole(self._places.state(), write_json(state).encode("ascii"), self._own)

    def _settle(self, event: str) -> None:
        """Choose how the next event of a call is taken in: answered, or behind the host's back."""
        if event == "SessionEnd":
            self._lane.close()
        elif self._state.get("wary") or (event in CALMING_EVENTS and not self._is_calm()):
            self._lane.wake()
        elif event in CALMING_EVENTS and not self._lane.is_late:
            self._lane.calm()

    def _is_calm(self) -> bool:
        if "waiting" in self._state:
            return False
        copied = read_json(write_json(self._watch.state()))
        return isinstance(copied, dict) and self._watch.is_calm(copied, self._now)

    def _watch_out(self, told: list[Intervention]) -> None:
        """Count the events for which every one is answered, after a word to the model or a payload lost."""
        left = self._state.pop("wary", 0)
        if any(each.level != "note" for each in told) or (not self._lane.is_late and self._lane.was_cut()):
            left = WARY + 1
        if isinstance(left, int) and left > 1:
            self._state["wary"] = left - 1

    def _is_newer(self, flag: str) -> bool:
        """Tell whether a person has set a flag since the last event."""
        last = self._state.get("seen")
        since = last if isinstance(last, int | float) else 0.0
        return any(files.changed_at(path) > since for path in self._places.flag(flag)) if since else False

    def _id(self, told: Intervention) -> str:
        from outrider.judge.guard.seeing.digests import digest

        return (
            "g-" + digest(f"{self._places.session} {told.time} {told.detector} {told.key} {told.agent}")[:8]
        )

    def _tell_launcher(self) -> None:
        """Leave our folder's name where the launcher finds it, which cannot work it out by itself."""
        told = self._environment.get("CLAUDE_PLUGIN_DATA", "")
        name = f"{self._places.home}\n".encode("utf-8", "surrogateescape")
        if told and files.read_at_most(f"{told}/home", LINE_BYTES) != name:
            files.replace_whole(f"{told}/home", name, self._own)

    def _tell_strict(self) -> None:
        """Leave the program's and the interpreter's names where strict mode finds them."""
        entry = f"{__file__.rpartition('/')[0]}/entry.py"
        name = f"{entry}\n{sys.executable}\n".encode("utf-8", "surrogateescape")
        path = f"{self._places.guard}/program"
        if files.read_at_most(path, LINE_BYTES) != name:
            files.replace_whole(path, name, self._own)

    def _clean(self) -> None:
        """Forget sessions of which nothing was heard for a month."""
        files.remove_older(f"{self._places.guard}/sessions", self._now - GUARD_STATE_SECONDS)
        files.remove_older(f"{self._places.home}/spool", self._now - GUARD_STATE_SECONDS)


def _line(value: dict[str, object]) -> bytes:
    return write_json(value).encode("ascii") + b"\n"


def _is_headless(environment: Mapping[str, str]) -> bool:
    """Tell whether nobody is there to be asked: the client says so, or how it was started does."""
    attended = environment.get("CLAUDE_CODE_SESSION_ATTENDED", "")
    if attended in ("0", "1"):
        return attended == "0"
    return environment.get("CLAUDE_CODE_ENTRYPOINT", "").startswith("sdk")
