"""The quiet lane: what goes along it is taken in as if it had been answered, and nothing that holds a call does."""

from __future__ import annotations

import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outrider.interface.hook import files, program, quiet
from outrider.interface.hook.places import Places
from outrider.interface.hook.quiet import MOST_SECONDS, WAIT_SECONDS, WARY
from tests.interface.hook.driver import Failure, context, decision
from tests.interface.hook.host import SESSION, Host, is_linux, shown
from tests.interface.hook.program import SECONDS, ended, lines

pytestmark = pytest.mark.skipif(not is_linux(), reason="the quiet lane needs Linux")

BUILD = {"command": "make build"}
BROKEN = Failure("Exit code 2\nmake: *** No rule to make target 'build'.  Stop.")
READ = {"tool_name": "Read", "tool_input": {"file_path": "a.py"}}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    made = Host(tmp_path)
    made.begin()
    return made


# The twin


class Twin:
    """The same events at the same times in a session in which every one is answered."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.home = folder / "home"
        settings = host.home / "guard" / "settings.json"
        if settings.exists():
            (self.home / "guard").mkdir(parents=True)
            (self.home / "guard" / "settings.json").write_bytes(settings.read_bytes())
        spooled = host.spooled()
        times = {shown(line["payload"]) + str(line["payload"].get("agent_id")): line["t"] for line in spooled}
        environment = {**host.environment, "OUTRIDER_HOME": str(self.home)}
        self.answers: list[dict[str, object]] = []
        unnamed = [line["t"] for line in spooled if "tool_use_id" not in line["payload"]]
        for payload, _ in host.told:
            has_call = "tool_use_id" in payload
            at = times[shown(payload) + str(payload.get("agent_id"))] if has_call else unnamed.pop(0)
            said = program.run(json.dumps(payload).encode(), environment, at, "1")
            self.answers.append(json.loads(said) if said else {})

    def log(self) -> list[str]:
        return lines(self.home / "guard" / "log.jsonl")

    def state(self) -> Any:
        return json.loads((self.home / "guard" / "sessions" / f"{SESSION}.json").read_bytes())


def alike(log: list[str]) -> list[str]:
    """Return the lines of a log with numbers for ids, and without seconds, which are rounded differently."""
    names: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return names.setdefault(found.group(), f"g-{len(names)}")

    text = re.sub(r"g-[0-9a-f]{8}", number, "\n".join(log))
    return re.sub(r"\b\d+(\.\d+)? (s|ms|seconds?)\b", "# s", text).splitlines()


def is_alike(one: object, other: object) -> bool:
    """Tell whether two states are equal, but for ids and what the rounding of times in the spool does."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(is_alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 0.02
    if isinstance(one, str) and isinstance(other, str) and re.fullmatch(r"g-[0-9a-f]{8}", one):
        return re.fullmatch(r"g-[0-9a-f]{8}", other) is not None
    return one == other


def gravity(answer: dict[str, object]) -> str:
    """Return what an answer holds: a call, a person's attention, or the turn."""
    if answer.get("continue") is False:
        return "stop"
    return decision(answer)


# Traces


def work(host: Host) -> None:
    for number in range(5):
        host.call("Edit", {"file_path": f"a{number}.py", "old_string": "a", "new_string": "b"})
        host.call("Bash", {"command": "pytest"}, f"{number} passed")


def same_call(host: Host) -> None:
    for _ in range(9):
        host.call("Bash", {"command": "cat orders.csv"}, "one order, and another one, which is long")


def polling(host: Host) -> None:
    for _ in range(9):
        host.call("Bash", {"command": "gh run view 7"}, "the run is in progress, step 4 of 9")


def failing(host: Host) -> None:
    for number in range(7):
        host.call("Bash", BUILD, BROKEN)
        if number == 2:
            host.call("Read", {"file_path": "Makefile"}, "all:")


def in_parallel(host: Host) -> None:
    """Calls of one reply: their hooks run at the same time, as far as a pipe lets them."""
    for lap in range(3):
        calls = [
            {"tool_name": "Grep", "tool_input": {"pattern": f"p{lap}{at}"}, "tool_use_id": f"g{lap}{at}"}
            for at in range(4)
        ]
        host.settle()
        for event, more in (("PreToolUse", {}), ("PostToolUse", {"tool_response": "found nothing here"})):
            for call in calls:
                host.tell(event, **call, **more)
        host.tell("PostToolBatch", tool_calls=[{**call, "tool_response": "found nothing"} for call in calls])


def subagents(host: Host) -> None:
    """Two subagents by turns: one works, the other does the same again and again."""
    for name in ("a1", "a2"):
        host.tell("SubagentStart", agent_id=name, agent_type="worker")
    for lap in range(8):
        host.call("Read", {"file_path": f"b{lap}.py"}, f"text {lap}", agent_id="a1", agent_type="worker")
        host.call(
            "Bash", {"command": "cat x.csv"}, "the same rows as ever", agent_id="a2", agent_type="worker"
        )
    host.tell("SubagentStop", agent_id="a1", agent_type="worker", last_assistant_message="Read all.")


TRACES = [work, same_call, polling, failing, in_parallel, subagents]


@pytest.mark.parametrize("at_pace", [True, False], ids=["at the model's pace", "at once"])
@pytest.mark.parametrize("trace", TRACES, ids=[trace.__name__ for trace in TRACES])
def test_a_session_taken_in_quietly_is_as_if_every_event_had_been_answered(
    tmp_path: Path, trace: Callable[[Host], None], at_pace: bool
) -> None:
    host = Host(tmp_path, attended=False)
    host.settings({"mode": "enforce"})
    host.begin()
    host.at_pace = at_pace
    trace(host)
    host.tell("UserPromptSubmit", prompt="go on with the next part")
    host.settle()
    twin = Twin(host, tmp_path / "twin")
    answers = [answer for _, answer in host.told]
    assert host.seen() == [shown(payload) for payload, _ in host.told], "in their order"
    assert list(map(gravity, answers)) == list(map(gravity, twin.answers)), "nothing that holds comes late"
    hints = [len(list(filter(None, map(context, each)))) for each in (answers, twin.answers)]
    assert hints[0] == hints[1], "a hint may come an event later, but it comes"
    assert alike(lines(host.home / "guard" / "log.jsonl")) == alike(twin.log())
    assert is_alike(host.state(), twin.state())
    assert host.marks() == []
    assert host.quiet() >= 3


def test_most_of_a_session_that_works_is_quiet(host: Host) -> None:
    work(host)
    host.settle()
    assert host.quiet() == len(host.told) - len(("SessionStart", "UserPromptSubmit"))


# Order, and what is lost


def test_calls_that_come_at_once_are_taken_in_in_the_order_in_which_they_came(
    host: Host, tmp_path: Path
) -> None:
    names = [f"p{at}" for at in range(20)]
    running = [host.start("PreToolUse", **reading(name)) for name in names]
    assert [ended(each) for each in running] == [b""] * len(names)
    host.settle()
    came = host.spooled()[2:]
    assert sorted(line["payload"]["tool_use_id"] for line in came) == sorted(names)
    assert [line["t"] for line in came] == sorted(line["t"] for line in came)
    assert host.marks() == []
    order = [line["payload"]["tool_use_id"] for line in came]
    host.told += [(host.payload("PreToolUse", **reading(name)), {}) for name in order]
    assert is_alike(host.state(), Twin(host, tmp_path / "twin").state())


def reading(name: str) -> dict[str, Any]:
    return {"tool_name": "Read", "tool_input": {"file_path": f"{name}.py"}, "tool_use_id": name}


def kill_in_work(host: Host, event: str, after: float = 0.05, **fields: object) -> None:
    """Tell an event whose hook is killed while it waits for the lock of the session."""
    host.settle()
    lock = host.home / "guard" / "sessions" / f"{SESSION}.lock"
    before = len(host.starts())
    with lock.open("r+b") as opened:
        fcntl.lockf(opened, fcntl.LOCK_EX)
        host.tell(event, **fields)
        process, ticket = host.last(before)
        assert ticket, "it was answered"
        time.sleep(after)
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("event", ["PreToolUse", "PostToolUse"])
def test_a_hook_killed_in_its_work_loses_its_own_event_and_that_is_said(host: Host, event: str) -> None:
    host.call("Read", {"file_path": "a.py"}, "text")
    host.settle()
    host.at_pace = False
    for name in ("PreToolUse", "PostToolUse"):
        if name == event:
            kill_in_work(host, name, **READ, tool_use_id="killed")
        else:
            host.tell(name, **READ, tool_use_id="killed", tool_response="text")
    for number in range(3):
        host.call("Read", {"file_path": f"b{number}.py"}, f"text {number}")
    host.settle()
    seen = [shown(payload) for payload, _ in host.told]
    assert host.seen() == [each for each in seen if each != f"{event} killed"], "in their order"
    assert host.marks() == ["event-lost"]
    assert not host.is_quiet("PreToolUse", **READ, tool_use_id="next"), "for a while everything is answered"


def test_hooks_killed_at_any_moment_lose_nothing_but_their_own_events(host: Host) -> None:
    killed = 0
    for number in range(8):
        for event in ("PreToolUse", "PostToolUse"):
            before = len(host.starts())
            host.tell(event, **READ, tool_use_id=f"k{number}", tool_response="text")
            process, ticket = host.last(before)
            time.sleep(number * 0.006)
            if event == "PostToolUse" and ticket:
                killed += _killed(process)
        json.dumps(host.state())
        for name in host.tickets():
            # As if a second had gone by.
            (host.lane / name).unlink()
        (host.lane / "calm").touch()
    host.settle()
    host.tell("UserPromptSubmit", prompt="go on")
    whole = [shown(payload) for payload, _ in host.told]
    gone = [each for each in whole if each not in host.seen()]
    assert len(gone) <= killed
    assert set(gone) <= {f"PostToolUse k{number}" for number in range(8)}
    assert set(host.marks()) <= {"event-lost"}


def _killed(process: int) -> bool:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("name", ["999999", "0999999"])
def test_a_ticket_whose_process_is_gone_is_taken_away(host: Host, name: str) -> None:
    (host.lane / name).touch()
    host.at_pace = False
    assert host.call("Read", {"file_path": "a.py"}, "text") == {}
    host.settle()
    assert host.seen()[-3:] == ["PreToolUse t1", "PostToolUse t1", "PostToolBatch"]
    assert host.marks() == ["event-lost"]


class Clock:
    """Time that goes by only while somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.then: Callable[[float], None] = lambda _: None
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr("time.sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.then(self.now)


def _lane(home: Path, *tickets: str) -> Path:
    folder = home / "guard" / "sessions" / f"{SESSION}.quiet"
    folder.mkdir(parents=True)
    for ticket in tickets:
        (folder / ticket).touch()
    return folder


def test_dead_tickets_hold_up_nobody_much_longer_than_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _lane(tmp_path, *map(str, range(1, 31)))
    clock = Clock(monkeypatch)
    assert quiet.Lane(Places(str(tmp_path), SESSION)).wait() == 30
    assert clock.now - 100 < WAIT_SECONDS + quiet.MOST_PATIENCE_SECONDS + 2 * quiet.PAUSE
    assert {path.name for path in folder.iterdir()} == {"cut"}


def test_events_that_get_on_are_waited_for_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many at once on a slow machine are not dead; yet the host ends a hook after five seconds."""
    folder = _lane(tmp_path, *map(str, range(1, 31)))
    clock = Clock(monkeypatch)
    clock.then = lambda now: _take(folder, int((now - 100) / 0.09))
    assert quiet.Lane(Places(str(tmp_path), SESSION)).wait() == 0
    assert WAIT_SECONDS < clock.now - 100 < MOST_SECONDS
    _lane(tmp_path / "slow", *map(str, range(1, 31)))
    clock.now = 100.0
    clock.then = lambda now: _take(tmp_path / "slow" / folder.relative_to(tmp_path), int(now - 100) * 2)
    assert 0 < quiet.Lane(Places(str(tmp_path / "slow"), SESSION)).wait() < 30
    assert clock.now - 100 < MOST_SECONDS + 2 * quiet.PAUSE


def _take(folder: Path, up_to: int) -> None:
    for number in range(1, up_to + 1):
        files.remove(f"{folder}/{number}")


def test_who_waits_ends_the_pause_of_those_on_the_lane_before_it(host: Host) -> None:
    """The launcher lets the host go first for some 100 ms; a person who waits must not pay for that."""
    host.call("Read", {"file_path": "a.py"}, "text")
    host.at_pace = False
    (host.lane / "1").touch()
    running = host.start("UserPromptSubmit", prompt="and now?")
    end = time.monotonic() + SECONDS
    while not (host.lane / "hurry").exists():
        assert time.monotonic() < end, "nobody is hurried"
        time.sleep(0.001)
    assert ended(running) == b""
    assert not (host.lane / "hurry").exists(), "those who come later have their pause again"


def test_an_answered_event_does_not_wait_for_those_that_come_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else subagents at work could hold up a person, and lose their tickets for it."""
    folder = _lane(tmp_path, "1")
    clock = Clock(monkeypatch)

    def come_and_go(now: float) -> None:
        (folder / "1").unlink(missing_ok=True)
        (folder / str(int(now * 1000))).touch()

    clock.then = come_and_go
    assert quiet.Lane(Places(str(tmp_path), SESSION)).wait() == 0
    assert clock.now - 100 < 3 * quiet.PAUSE
    assert len(list(folder.iterdir())) == 1


def test_a_payload_that_the_host_cuts_is_said_and_events_are_answered_for_a_while(host: Host) -> None:
    host.leave_early("PreToolUse", **READ, tool_use_id="small")
    host.settle()
    assert host.seen()[-1] == "PreToolUse small"
    host.leave_early("PostToolUse", **READ, tool_use_id="large", tool_response="x" * 4_000_000)
    host.settle()
    assert host.marks() == ["payload-cut"]
    answered = 0
    while answered <= 2 * WARY and not host.is_calm:
        answered += 1
        if answered < 4:
            assert not host.is_quiet("PostToolUse", **READ, tool_use_id=f"a{answered}", tool_response="text")
        else:
            # The inside of the same program, for the sake of time.
            given = {"tool_name": "Read", "tool_input": {"file_path": f"{answered}.py"}}
            host.inside("PostToolUse", **given, tool_use_id=f"a{answered}", tool_response="text")
    assert answered >= WARY
    assert host.is_quiet("PreToolUse", **READ, tool_use_id="after")
    assert host.marks() == ["payload-cut"]


# Hostile surroundings


def outside(host: Host) -> dict[str, str]:
    """Return everything around the home that a hook has no business with."""
    own = {host.home, host.folder / "started"}
    return {
        str(path): "" if path.is_dir() else path.read_text()
        for path in host.folder.rglob("*")
        if not own & {path, *path.parents}
    }


IDS = [
    *("../loose", "..", "../../project/x", "/etc/x", "a/b", "*", "[0-9a-f]*", "?", "a\nb", f"{SESSION}\n"),
    *("", "$(touch x)", "`touch x`", ";touch x", " ", "A0", "0" * 300, "0" * 5_000),
]


@pytest.mark.parametrize("attack", range(len(IDS)))
def test_an_id_that_is_no_id_never_takes_the_lane_or_leaves_the_home(host: Host, attack: int) -> None:
    name = IDS[attack]
    host.environment["CLAUDE_CODE_SESSION_ID"] = name
    planted = Path(f"{host.home}/guard/sessions/{name}.quiet")
    try:
        planted.mkdir(parents=True, exist_ok=True)
        (planted / "calm").touch()
    except OSError:
        assert len(name) > 255 or name == "/etc/x"
    before = outside(host)
    assert not host.is_quiet("PreToolUse", **READ, tool_use_id="t1")
    assert outside(host) == before
    assert host.tickets() == []


def test_without_an_id_in_the_environment_every_event_is_answered(host: Host) -> None:
    del host.environment["CLAUDE_CODE_SESSION_ID"]
    assert not host.is_quiet("PreToolUse", **READ, tool_use_id="t1")


def test_an_event_of_another_session_than_the_environment_names_leaves_no_ticket(host: Host) -> None:
    other = "00000000-0000-4000-8000-00000000000b"
    host.tell("PreToolUse", **READ, tool_use_id="t1", session_id=other)
    host.settle()
    assert host.tickets() == []
    assert (host.home / "spool" / f"{other}.jsonl").exists()


@pytest.mark.parametrize(
    "home", ["home", "./home", "../project/home", "~", "~nobody/home", "~/home", "-", ""]
)
def test_a_home_that_does_not_begin_at_the_root_never_takes_the_lane(host: Host, home: str) -> None:
    """Not even where the folder of that name is there, and calm; and another's is not used instead."""
    for near in (host.project, host.folder):
        (near / "home" / "guard" / "sessions" / f"{SESSION}.quiet").mkdir(parents=True, exist_ok=True)
        (near / "home" / "guard" / "sessions" / f"{SESSION}.quiet" / "calm").touch()
    store = host.folder / "store"
    store.mkdir()
    stored = "home" if home in ("", "~/home") else str(host.home)
    (store / "home").write_text(f"{stored}\n")
    host.environment |= {"OUTRIDER_HOME": home, "CLAUDE_PLUGIN_DATA": str(store)}
    before = outside(host)
    assert not host.is_quiet("PreToolUse", **READ, tool_use_id="t1")
    after = {path: text for path, text in outside(host).items() if "/.local" not in path}
    assert after == before


@pytest.mark.parametrize(
    "name",
    ["with space", "*", "[a]", "a\nb", "$(touch x)", "`touch x`", ";touch x", "'", '"', "-n", "\\", "~"],
)
def test_a_home_with_a_strange_name_is_used_as_it_is(tmp_path: Path, name: str) -> None:
    host = Host(tmp_path)
    host.home = tmp_path / name
    host.environment["OUTRIDER_HOME"] = str(host.home)
    before = outside(host)
    host.begin()
    assert host.is_quiet("PreToolUse", **READ, tool_use_id="t1")
    assert host.seen()[-1] == "PreToolUse t1"
    assert outside(host) == before


def test_the_stored_home_is_used_where_the_environment_names_none(tmp_path: Path) -> None:
    host = Host(tmp_path)
    (tmp_path / "store").mkdir()
    del host.environment["OUTRIDER_HOME"]
    host.environment |= {"CLAUDE_PLUGIN_DATA": str(tmp_path / "store"), "XDG_DATA_HOME": str(tmp_path)}
    host.home = tmp_path / "outrider"
    host.begin()
    assert (tmp_path / "store" / "home").read_text() == f"{host.home}\n"
    assert host.is_quiet("PreToolUse", **READ, tool_use_id="t1")


# What wakes a session


def _write(path: Path, text: str = "{}") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


CHANGES: dict[str, Callable[[Host, int], None]] = {
    "settings": lambda host, _: _write(host.home / "guard" / "settings.json"),
    "rules": lambda host, lap: _write(host.home / "guard" / "rules" / f"skill{lap}.json"),
    "project": lambda host, _: _write(host.project / ".outrider" / "guard.json"),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_a_person_changes_holds_from_the_next_event_on(host: Host, change: str) -> None:
    for lap in range(2):
        assert host.is_quiet("PreToolUse", **READ, tool_use_id=f"before{lap}")
        CHANGES[change](host, lap)
        assert not host.is_quiet("PreToolUse", **reading(f"after{lap}")), change
        assert not host.is_quiet("PostToolUse", **reading(f"after{lap}"), tool_response="text"), change
    assert host.is_quiet("PreToolUse", **READ, tool_use_id="calm again")


@pytest.mark.parametrize("name", ["tripped", f"tripped-{SESSION}"])
def test_a_tripped_session_refuses_the_next_call(host: Host, name: str) -> None:
    assert host.is_quiet("PreToolUse", **READ, tool_use_id="before")
    (host.home / "guard" / name).touch()
    assert decision(host.tell("PreToolUse", **READ, tool_use_id="refused")) == "deny"
    host.tell("PostToolUse", **READ, tool_use_id="before", tool_response="text")
    assert host.tell("PostToolBatch", tool_calls=[])["continue"] is False


def test_a_call_that_went_by_before_the_switch_is_not_taken_for_refused(host: Host) -> None:
    (host.home / "guard" / "tripped").touch()
    (host.lane / "077").touch()
    given = host.payload("PreToolUse", **READ, tool_use_id="t1")
    assert program.run(json.dumps(given).encode(), host.environment, time.time(), "1", "077") == b""
    assert host.log() == []
    assert "t1" not in json.dumps(host.state()["watch"]["guard"]["denied"])


def test_the_end_of_a_session_ends_its_lane(host: Host) -> None:
    host.call("Read", {"file_path": "a.py"}, "text")
    host.tell("SessionEnd", reason="other")
    assert not host.lane.exists()
    assert host.seen()[-2:] == ["PostToolBatch", "SessionEnd"]


# A disk that does not do its part


def test_where_nothing_can_be_written_work_goes_on(host: Host) -> None:
    state = host.state()
    # The script between, which writes down what is started, could not write either.
    host.environment["OUTRIDER_PYTHON"] = sys.executable

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    for at, event in enumerate(("PreToolUse", "PostToolUse", "PostToolBatch") * 2):
        given = host.payload(event, **READ, tool_use_id=f"t{at}", tool_response="text", tool_calls=[])
        assert host.launch(event, json.dumps(given).encode(), preexec_fn=limit) == b""
    host.settle()
    assert host.state() == state
    host.tell("PostToolUse", **READ, tool_use_id="after", tool_response="text")
    host.settle()
    assert host.seen()[-1] == "PostToolUse after"


@pytest.mark.parametrize("kind", ["file", "nowhere", "loop"])
def test_something_else_in_the_place_of_the_lane_does_no_harm(tmp_path: Path, kind: str) -> None:
    host = Host(tmp_path)
    host.lane.parent.mkdir(parents=True)
    if kind == "file":
        host.lane.write_text("mine")
    else:
        host.lane.symlink_to(host.lane if kind == "loop" else tmp_path / "nowhere" / "at" / "all")
    for number in range(4):
        given = {"file_path": f"{number}.py"}
        assert host.call("Read", given, "text") == {}
    assert host.quiet() == 0
    assert host.marks() == []
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount command")
def test_on_a_volume_that_became_read_only_nothing_takes_the_lane(volume: Path) -> None:
    host = Host(volume)
    host.begin()
    state = host.state()
    remount = ["mount", "-o", "remount,ro", str(volume)]
    if subprocess.run(remount, capture_output=True, check=False).returncode:
        pytest.skip("a volume cannot be made read-only here")
    for event in ("PreToolUse", "PostToolUse", "PostToolBatch"):
        assert host.tell(event, **READ, tool_use_id="t1", tool_response="text", tool_calls=[]) == {}
    assert host.tickets() == []
    assert host.state() == state


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount command")
def test_on_a_full_volume_work_goes_on(volume: Path) -> None:
    host = Host(volume)
    host.begin()
    state = host.state()
    ballast = volume / "ballast"
    with ballast.open("wb", buffering=0) as filled:
        while True:
            try:
                filled.write(bytes(512))
            except OSError:
                break
    for event in ("PreToolUse", "PostToolUse", "PostToolBatch"):
        assert host.tell(event, **READ, tool_use_id="t1", tool_response="text", tool_calls=[]) == {}
    host.settle()
    assert host.state() == state
    ballast.unlink()
    host.call("Read", {"file_path": "a.py"}, "text")
    host.settle()
    assert host.seen()[-1] == "PostToolBatch"
