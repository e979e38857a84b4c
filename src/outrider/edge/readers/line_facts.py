"""One decoded line to the entries it stands for, by its kind.

Kinds that say nothing about runs (snapshots, cached requests, listings) give no entry; they are counted,
so that the coverage of a report stays true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from outrider.edge.readers.excerpts import Clean, Suspect, always, beginning, excerpt
from outrider.edge.readers.messages import response_part, user_body
from outrider.edge.readers.places import hashed_uid, milliseconds
from outrider.edge.readers.shapes import Attachment, LineShape, Progress, TextBlock, decoded
from outrider.kernel import limits
from outrider.record.entries import (
    AgentFact,
    Body,
    Entry,
    HookRun,
    Mark,
    Prompt,
    Setting,
    Title,
)
from outrider.record.reading import Reading

_HOOK_OUTCOMES = {
    "hook_success": "success",
    "hook_non_blocking_error": "error",
    "hook_blocking_error": "blocked",
    "hook_cancelled": "cancelled",
}


class LineFacts:
    """Takes the decoded lines of one file and adds what they say to a reading.

    ``session`` and ``agent`` stand in where a line does not say its own.
    """

    def __init__(
        self, session: str, agent: str, clean: Clean, reading: Reading, suspect: Suspect = always
    ) -> None:
        self._session = session[: limits.LABEL_CHARS]
        self._agent = agent[: limits.LABEL_CHARS]
        self._clean = self._redact = clean
        self._suspect = suspect
        self._reading = reading
        self._surroundings: tuple[str | None, ...] = ()
        self._seen: tuple[int, int] | None = None

    def take_many(self, lines: Sequence[LineShape]) -> None:
        """Add many lines.

        Few texts hold a secret, and looking at all of them at once costs half of looking at each: so
        they are taken as they are first, and taken again with care when one of them is suspect.
        """
        texts: list[str] = []
        mark = self._reading.mark()
        self._clean = _noting(texts)
        for line in lines:
            self.take(line)
        self._clean = self._redact
        if self._suspect("\n".join(texts)):
            self._reading.back_to(mark)
            for line in lines:
                self.take(line)

    def take(self, line: LineShape) -> None:
        """Add one line."""
        reading = self._reading
        kind = line.type
        reading.kinds[kind] = reading.kinds.get(kind, 0) + 1
        at = milliseconds(line.timestamp) if line.timestamp else None
        if line.cwd and at is not None:
            self._note_surroundings(line, at)
        if kind == "assistant":
            self._add(line, at, response_part(line, self._clean))
        elif kind == "user":
            self._add(line, at, user_body(line, self._clean, reading.skill_texts))
        elif kind == "progress":
            self._add_embedded(line, at)
        elif (body := self._other_body(line, kind)) is not None:
            self._add(line, at, body)

    def finish(self) -> None:
        """Add what is noted only at the end of a file."""
        if self._seen is not None:
            session, *surroundings = (each or "" for each in self._surroundings)
            self._reading.saw(session, Setting(*surroundings), *self._seen)
            self._seen = None

    def _add(self, line: LineShape, at: int | None, body: Body) -> None:
        session = line.session_id or self._session
        agent = line.agent_id or self._agent
        entry = Entry(
            line.uuid or hashed_uid(f"{session}{at}{body!r}"),
            line.parent_uuid or line.logical_parent_uuid or "",
            agent,
            at,
            body,
            not agent and bool(line.is_sidechain),
        )
        self._entries(session).append(entry)

    def _entries(self, session: str) -> list[Entry]:
        entries = self._reading.entries.get(session)
        if entries is None:
            entries = self._reading.entries[session] = []
        return entries

    def _note_surroundings(self, line: LineShape, at: int) -> None:
        session = line.session_id or self._session
        now = (session, line.cwd, line.git_branch, line.version, line.entrypoint)
        if now != self._surroundings:
            self.finish()
            self._surroundings = now
        if self._seen is None:
            self._seen = (at, at)
        elif at > self._seen[1]:
            self._seen = (self._seen[0], at)
        elif at < self._seen[0]:
            self._seen = (at, self._seen[1])

    def _add_embedded(self, line: LineShape, at: int | None) -> None:
        """Read a subagent's line out of the progress line of its parent (clients up to about 2.1.63)."""
        if b"agent_progress" not in bytes(line.data):
            return
        progress = decoded(line.data, Progress)
        inner, agent = progress.message, progress.agentId
        if not agent or inner is None:
            return
        if line.parent_tool_use_id:
            session = line.session_id or self._session
            fact = AgentFact("", line.parent_tool_use_id)
            self._entries(session).append(agent_entry(agent, fact))
        if inner.type in ("assistant", "user"):
            inner.agent_id, inner.is_sidechain = agent, False
            inner.session_id = line.session_id
            inner.version = inner.version or line.version
            own_at = milliseconds(inner.timestamp) if inner.timestamp else None
            body: Body = (
                response_part(inner, self._clean)
                if inner.type == "assistant"
                else user_body(inner, self._clean, self._reading.skill_texts)
            )
            self._add(inner, at if own_at is None else own_at, body)

    def _other_body(self, line: LineShape, kind: str) -> Body | None:
        if kind == "system":
            make = _MARKS.get(line.subtype or "")
            return make(line) if make else None
        if kind == "attachment" and line.attachment is not None:
            return self._attached(line.attachment)
        title = {"custom-title": line.custom_title, "ai-title": line.ai_title}.get(kind)
        return Title(beginning(title, limits.LABEL_CHARS, self._clean)) if title else None

    def _attached(self, attachment: Attachment) -> Body | None:
        outcome = _HOOK_OUTCOMES.get(attachment.type)
        if outcome is not None:
            name = beginning(attachment.hook_name or "", limits.LABEL_CHARS, self._clean)
            return HookRun(attachment.hook_event or "", name, _ms(attachment.duration_ms), outcome)
        if attachment.type == "queued_command" and attachment.command_mode in ("prompt", "", None):
            text = _joined(attachment.prompt)
            if text and not text.lstrip().startswith("<task-notification>"):
                kept = excerpt(text, limits.PROMPT_CHARS, self._clean)
                return Prompt("human", kept, source="queued", queued=True)
        return None


def _noting(texts: list[str]) -> Clean:
    def noted(text: str) -> str:
        texts.append(text)
        return text

    return noted


def agent_entry(agent: str, fact: AgentFact) -> Entry:
    """Return the entry for what is known of a subagent; equal facts give equal entries."""
    return Entry(hashed_uid(f"agent {agent} {fact!r}"), "", agent, None, fact)


def _joined(prompt: str | list[TextBlock] | None) -> str:
    if isinstance(prompt, str):
        return prompt
    return "\n".join(block.text for block in prompt or () if block.type == "text")


def _compaction(line: LineShape) -> Mark:
    facts = line.compact_metadata
    if facts is None:
        return Mark("compaction")
    return Mark(
        "compaction",
        _ms(facts.duration_ms),
        facts.trigger or "",
        facts.pre_tokens or 0,
        facts.post_tokens or 0,
    )


def _hooks(line: LineShape) -> Mark:
    infos = line.hook_infos or []
    return Mark("hooks", sum(_ms(info.duration_ms) for info in infos), "Stop", len(infos))


_MARKS: dict[str, Callable[[LineShape], Mark]] = {
    "turn_duration": lambda line: Mark("turn_duration", _ms(line.duration_ms)),
    "compact_boundary": _compaction,
    "stop_hook_summary": _hooks,
    "api_error": lambda _: Mark("api_error"),
}


def _ms(value: float | None) -> int:
    return round(value or 0)
