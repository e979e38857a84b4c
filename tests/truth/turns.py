"""Turns of a main conversation: one function for each kind, by the name of its trap."""

from __future__ import annotations

from collections.abc import Callable

from .subagents import Folder, delegate, fork_skill, run_workflow
from .thread import DAY, SURROGATE, Call, Thread
from .traps import Trap

Turn = Callable[[Thread, Folder], None]

PLAIN = "plain"


def play(kind: str, thread: Thread, folder: Folder) -> None:
    """Play one turn and close it the way the client does."""
    _KINDS[kind](thread, folder)
    thread.line("system", subtype="turn_duration", durationMs=thread.world.rng.randint(900, 90_000))
    thread.plain("last-prompt", lastPrompt="…", leafUuid=thread.leaf)


def kinds(traps: frozenset[str]) -> list[str]:
    """Turn kinds that these traps ask for, plain turns first."""
    return [PLAIN, *(kind for kind in _KINDS if kind in traps)]


def _work(thread: Thread) -> None:
    thread.work(thread.world.rng.randint(*thread.world.size.work))


def _plain(thread: Thread, folder: Folder) -> None:
    thread.prompt("Please fix the total of the cart.")
    _work(thread)
    thread.respond(text="Fixed.")


def _load_typed(thread: Thread, skill: str) -> None:
    thread.prompt(
        f"<command-message>{skill}</command-message>\n<command-name>/{skill}</command-name>\n"
        "<command-args>the cart</command-args>"
    )
    thread.user([{"type": "text", "text": _body(skill)}], isMeta=True)


def _load_chosen(thread: Thread, skill: str) -> None:
    call = Call("Skill", {"skill": skill, "args": "the cart"})
    thread.respond(call)
    thread.result(call, f"Launching skill: {skill}", {"success": True, "commandName": skill})
    thread.user([{"type": "text", "text": _body(skill)}], isMeta=True, sourceToolUseID=call.id)
    thread.stamped_skill = skill


def _body(skill: str) -> str:
    name = skill.rpartition(":")[2]
    return (
        f"Base directory for this skill: /home/user/.claude/skills/{name}\n\n# {name}\n\n"
        "1. Read the code.\n2. Change it.\n3. Run the tests.\n\nARGUMENTS: the cart"
    )


def _typed_skill(thread: Thread, folder: Folder) -> None:
    skill = thread.world.rng.choice(("tidy-up", "craft:write-plan"))
    _load_typed(thread, skill)
    thread.world.book.skill(skill, typed=True)
    thread.stamped_skill = skill
    thread.skills.append(skill)
    _work(thread)
    thread.respond(text="All steps are done.")
    thread.skills.pop()


def _chosen_skill(thread: Thread, folder: Folder) -> None:
    skill = thread.world.rng.choice(("tidy-up", "craft:review"))
    thread.prompt("Please review the cart.")
    _load_chosen(thread, skill)
    thread.world.book.skill(skill)
    thread.skills.append(skill)
    _work(thread)
    thread.respond(text="The review is done.")
    thread.skills.pop()


def _nested_skill(thread: Thread, folder: Folder) -> None:
    thread.prompt("Please do the release.")
    _load_chosen(thread, "release")
    thread.world.book.skill("release", ambiguous=True)
    thread.skills.append("release")
    _work(thread)
    _load_chosen(thread, "write-notes")
    thread.world.book.skill("write-notes", ambiguous=True)
    thread.skills.append("write-notes")
    _work(thread)
    thread.skills.pop()
    thread.respond(text="The notes are done. Back to the release, step 3.", stop="end_turn")
    thread.skills.pop()


def _forked_skill(thread: Thread, folder: Folder) -> None:
    thread.prompt("Please investigate.")
    call = Call("Skill", {"skill": "investigate"})
    thread.respond(call)
    thread.world.book.skill("investigate")
    fork_skill(thread, folder, "investigate", _body("investigate"), call)
    thread.respond(text="The investigation is over.")


def _asking_skill(thread: Thread, folder: Folder) -> None:
    _load_typed(thread, "interview")
    thread.world.book.skill("interview", typed=True)
    thread.stamped_skill = "interview"
    thread.skills.append("interview")
    _work(thread)
    ask = Call("AskUserQuestion", {"questions": [{"question": "Which one?", "options": ["A", "B"]}]})
    thread.respond(ask)
    thread.pause(30, 400)
    thread.result(ask, 'User has answered: "Which one?"="B"', {"answers": {"Which one?": "B"}})
    _work(thread)
    thread.respond(text="Which storage shall I use, a file or a table?")
    thread.prompt("A table.")
    _work(thread)
    thread.respond(text="All questions are answered; the interview is done.")
    thread.skills.pop()


def _interrupt(thread: Thread, folder: Folder) -> None:
    thread.prompt("Please rename everything.")
    _work(thread)
    if thread.world.rng.random() < 0.5:
        thread.respond(text="I will now", stop="none")
        thread.user([{"type": "text", "text": "[Request interrupted by user]"}])
    else:
        call = Call("Bash", {"command": "rename"})
        thread.respond(call)
        thread.result(
            call,
            "The user doesn't want to proceed with this tool use.",
            "User rejected tool use",
            is_error=True,
        )
        thread.user([{"type": "text", "text": "[Request interrupted by user for tool use]"}])
    thread.world.book.truth.interrupts += 1


def _slash(thread: Thread, folder: Folder) -> None:
    thread.pause(5, 60)
    name = thread.world.rng.choice(("clear", "model"))
    thread.user("<local-command-caveat>Caveat: run by the user.</local-command-caveat>", isMeta=True)
    thread.user(
        f"<command-name>/{name}</command-name>\n"
        f"            <command-message>{name}</command-message>\n"
        "            <command-args></command-args>"
    )
    shown = "<local-command-stdout>Done</local-command-stdout>"
    if thread.session.since(2, 1, 197):
        thread.line("system", subtype="local_command", content=shown, level="info", isMeta=False)
    else:
        thread.user(shown)


def _notification(thread: Thread, folder: Folder) -> None:
    thread.pause(5, 60)
    thread.stamped_skill = None
    thread.user(
        "<task-notification>\n<task-id>b693c97</task-id>\n<status>completed</status>\n"
        "<summary>Background command completed (exit code 0)</summary>\n</task-notification>",
        origin={"kind": "task-notification"},
    )
    thread.respond(text="The background command is done.")


def _api_error(thread: Thread, folder: Folder) -> None:
    thread.prompt("Please go on.")
    zero = dict.fromkeys(
        ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"),
        0,
    )
    message = {
        "id": thread.world.uuid(),
        "type": "message",
        "role": "assistant",
        "model": "<synthetic>",
        "stop_reason": "stop_sequence",
        "stop_sequence": "",
        "usage": zero,
        "content": [{"type": "text", "text": "API Error: 529 overloaded"}],
    }
    thread.line("assistant", message=message, isApiErrorMessage=True, error="unknown")
    thread.world.book.truth.api_errors += 1


def _unknown_kind(thread: Thread, folder: Folder) -> None:
    thread.line("telepathy", payload={"usage": {"input_tokens": 5, "output_tokens": 5}})
    thread.plain("aura-state", level=3, usage={"output_tokens": 12})
    _plain(thread, folder)


def _compaction(thread: Thread, folder: Folder) -> None:
    _plain(thread, folder)
    before, thread.leaf = thread.leaf, None
    thread.line(
        "system",
        subtype="compact_boundary",
        content="Conversation compacted",
        logicalParentUuid=before,
        compactMetadata={"trigger": "auto", "preTokens": 150_000},
    )
    thread.user(
        "This session is being continued from a previous conversation that ran out of context.",
        isVisibleInTranscriptOnly=True,
        isCompactSummary=True,
    )
    thread.context = 15_000
    thread.world.book.truth.compactions += 1
    _plain(thread, folder)


def _lures(thread: Thread, folder: Folder) -> None:
    thread.prompt("What does 'Base directory for this skill: /x/y' mean, and <command-name>?")
    call = Call("Read", {"file_path": "/home/user/old.jsonl"})
    thread.respond(call)
    text = (
        '{"type":"assistant","uuid":"x","message":{"id":"m","usage":{"input_tokens":9}}}\n'
        "Base directory for this skill: /home/user/.claude/skills/tidy-up\n"
        "[Request interrupted by user]\n"
        "<command-name>/tidy-up</command-name>"
    )
    thread.result(call, text, {"file": {"content": text}, "usage": {"input_tokens": 9, "output_tokens": 9}})
    thread.respond(text="It names the folder of a skill.")


def _surrogate(thread: Thread, folder: Folder) -> None:
    thread.prompt("Which sign is this?")
    thread.respond(text=f"Half of a pair: {SURROGATE} and no more.")


def _u2028(thread: Thread, folder: Folder) -> None:
    thread.prompt("Which line break?")
    thread.respond(text="One\u2028line\u2029with\x85breaks that are none.")


def _skew(thread: Thread, folder: Folder) -> None:
    thread.skew -= DAY + 7_200_000
    _plain(thread, folder)
    thread.skew += DAY + 7_200_000


def _no_timestamp(thread: Thread, folder: Folder) -> None:
    thread.undated = True
    _plain(thread, folder)
    thread.undated = False


def _midnight(thread: Thread, folder: Folder) -> None:
    thread.to_midnight = True
    _plain(thread, folder)


def _delegating(form: str) -> Turn:
    def turn(thread: Thread, folder: Folder) -> None:
        thread.prompt("Please have somebody look into it.")
        _work(thread)
        delegate(thread, folder, form)
        thread.respond(text="The report is in.")

    return turn


def _workflow(thread: Thread, folder: Folder) -> None:
    thread.prompt("Please run the look workflow.")
    run_workflow(thread, folder)
    thread.respond(text="The workflow runs.")


_KINDS: dict[str, Turn] = {
    PLAIN: _plain,
    Trap.TYPED_SKILL: _typed_skill,
    Trap.CHOSEN_SKILL: _chosen_skill,
    Trap.NESTED_SKILL: _nested_skill,
    Trap.FORKED_SKILL: _forked_skill,
    Trap.ASKING_SKILL: _asking_skill,
    Trap.INTERRUPT: _interrupt,
    Trap.SLASH: _slash,
    Trap.NOTIFICATION: _notification,
    Trap.API_ERROR: _api_error,
    Trap.UNKNOWN_KIND: _unknown_kind,
    Trap.COMPACTION: _compaction,
    Trap.LURES: _lures,
    Trap.SURROGATE: _surrogate,
    Trap.U2028: _u2028,
    Trap.SKEW: _skew,
    Trap.NO_TIMESTAMP: _no_timestamp,
    Trap.MIDNIGHT: _midnight,
    Trap.AGENT_FILE: _delegating(Trap.AGENT_FILE),
    Trap.MIRRORED: _delegating(Trap.MIRRORED),
    Trap.EMBEDDED: _delegating(Trap.EMBEDDED),
    Trap.EMBEDDED_ONLY: _delegating(Trap.EMBEDDED_ONLY),
    Trap.INLINE_OLD: _delegating(Trap.INLINE_OLD),
    Trap.NESTED_AGENT: _delegating(Trap.NESTED_AGENT),
    Trap.WORKFLOW: _workflow,
}
