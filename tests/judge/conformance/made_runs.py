"""Runs made with known steps: what was done, to which step each thing belongs, and what deviates.

A run is told in letters, one for each call. ``steps`` has the step of each letter (`.`: of none);
``odd`` says what deviates: `-step` skipped, `<step` out of order, `+step` repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Workflow
from outrider.record.activities.activity import Activity, Event
from outrider.record.events import events_of
from outrider.record.session import Session
from tests.record.sessions import Story

ACTIVITIES = {
    "s": "search",
    "r": "read",
    "t": "edit.test",
    "f": "test.fail",
    "e": "edit.src",
    "p": "test.pass",
    "v": "review",
    "c": "git.commit",
    "u": "git.push",
    "d": "edit.docs",
    "w": "web",
    "a": "ask.user",
    "l": "lint.pass",
    "o": "pr.create",
    "m": "mcp:shop.order",
}

WORDS = frozenset([*ACTIVITIES.values(), "agent:worker", "task.start", "task.done"])

LINEAR = """
skill: mend
steps:
  look: { evidence: [search] }
  test: { evidence: [edit.test, test.fail] }
  fix: { evidence: [edit.src, test.pass] }
  check: { evidence: [review] }
  ship: { evidence: [git.commit] }
order: look > test > fix > check > ship
"""

CYCLE = """
skill: cycle
steps:
  red: { evidence: [edit.test, test.fail] }
  green: { evidence: [edit.src, test.pass] }
  refactor: { evidence: [edit.src, test.pass], optional: true }
order: (red > green > refactor?)+
"""

CHOICE = """
skill: choice
steps:
  ask: { evidence: [ask.user] }
  write: { evidence: [edit.docs] }
  code: { evidence: [edit.src] }
  tidy: { evidence: [lint.pass], optional: true }
  offer: { evidence: [pr.create] }
order: ask > (write | code) > tidy? > offer
"""

TASKS = """
skill: tasks
steps:
  plan: { evidence: [search] }
  build: { evidence: [edit.src, test.pass] }
  check: { evidence: [review] }
  finish: { evidence: [git.commit, git.push] }
order: plan > (build > check)+ > finish
"""


@dataclass(frozen=True)
class Made:
    """One made run. ``how`` is the way it was done: plain, in subagents, over several prompts."""

    workflow: str
    does: str
    steps: str
    odd: str = ""
    how: str = "plain"

    @property
    def truth(self) -> list[str]:
        """The step of each letter, in full; empty for none."""
        names = _initials(self.workflow)
        return ["" if letter == "." else names[letter] for letter in self.steps]


def _initials(text: str) -> dict[str, str]:
    names = [step.name for step in workflow_of(text).steps]
    found: dict[str, str] = {}
    for name in names:
        found[next(letter for letter in name if letter not in found)] = name
    return found


def workflow_of(text: str) -> Workflow:
    """Read a workflow that has no mistakes."""
    workflow, mistakes = read_workflow(text, WORDS)
    assert workflow is not None, mistakes
    assert not mistakes
    return workflow


def session_of(made: Made) -> tuple[Session, Story]:
    """Tell the run as a session."""
    story = Story()
    story.prompt("please mend it")
    story.chosen(workflow_of(made.workflow).skill)
    for number, letter in enumerate(made.does):
        _tell(story, letter, number, made.how)
    story.response(text="That is all.")
    return story.build(), story


def _tell(story: Story, letter: str, number: int, how: str) -> None:
    if how == "prompts" and number and number % 3 == 0:
        story.response(text="Shall I go on?")
        story.wait(40)
        story.prompt("yes, please")
    if how == "agents" and number % 2:
        agent = f"agent{number}"
        call = story.call("Agent", does="agent:worker")
        story.response(call)
        child = story.agent(agent)
        child.prompt("work on it")
        child.work("Do", does=ACTIVITIES[letter])
        child.response()
        story.result(call, "done", agent_id=agent)
    else:
        story.work("Do", does=ACTIVITIES[letter])


def classify(
    tool: str, given: Mapping[str, object], status: str, result: str, folder: str
) -> tuple[Activity, ...]:
    """Take the activity that a made call names."""
    name = given.get("does")
    return (Activity(name),) if isinstance(name, str) and status == "ok" else ()


def letters_of(session: Session) -> list[Event]:
    """Return the events that the letters of a made run stand for, in order."""
    return [
        event for event in events_of(session, classify).events if event.activity.name in ACTIVITIES.values()
    ]


IN_ORDER = [
    Made(LINEAR, "stfepvc", "lttffcs"),
    Made(LINEAR, "ssrtfrepvc", "llltttffcs"),
    Made(LINEAR, "stffeeppvvc", "ltttffffccs"),
    Made(LINEAR, "rrstfepvc", "..lttffcs"),
    Made(LINEAR, "stfeepepvc", "lttfffffcs"),
    Made(LINEAR, "stfepvcc", "lttffcss"),
    Made(CYCLE, "tfep", "rrgg"),
    Made(CYCLE, "tfeptfep", "rrggrrgg"),
    Made(CYCLE, "tfepeptfep", "rrggeerrgg"),
    Made(CYCLE, "trfrerp", "rrrrggg"),
    Made(CHOICE, "adlo", "awto"),
    Made(CHOICE, "aelo", "acto"),
    Made(CHOICE, "aeo", "aco"),
    Made(CHOICE, "ado", "awo"),
    Made(TASKS, "sepvcu", "pbbcff"),
    Made(TASKS, "sepvepvcu", "pbbcbbcff"),
    Made(TASKS, "sepvepvepvcu", "pbbcbbcbbcff"),
]

SKIPPED = [
    Made(LINEAR, "tfepvc", "ttffcs", "-look"),
    Made(LINEAR, "sepvc", "lffcs", "-test"),
    Made(LINEAR, "stfvc", "lttcs", "-fix"),
    Made(LINEAR, "stfepc", "lttffs", "-check"),
    Made(LINEAR, "stfepv", "lttffc", "-ship"),
    Made(LINEAR, "sepc", "lffs", "-test -check"),
    Made(LINEAR, "epc", "ffs", "-look -test -check"),
    Made(LINEAR, "s", "l", "-test -fix -check -ship"),
    Made(CYCLE, "ep", "gg", "-red"),
    Made(CYCLE, "tfepeptf", "rrggeerr", "-green"),
    Made(CHOICE, "do", "wo", "-ask"),
    Made(CHOICE, "ad", "aw", "-offer"),
    Made(CHOICE, "ao", "ao", "-write"),
    Made(TASKS, "sepepvcu", "pbbbbcff"),
    Made(TASKS, "sepcu", "pbbff", "-check"),
    Made(TASKS, "epvcu", "bbcff", "-plan"),
    Made(TASKS, "sepv", "pbbc", "-finish"),
]

SWAPPED = [
    Made(LINEAR, "tfsepvc", "ttlffcs", "<look"),
    Made(LINEAR, "septfvc", "lffttcs", "<test"),
    Made(LINEAR, "stfvepc", "lttcffs", "<fix"),
    Made(LINEAR, "stfepcv", "lttffsc", "<check"),
    Made(LINEAR, "sctfepv", "lsttffc", "<ship"),
    Made(LINEAR, "svtfepc", "lcttffs", "<check"),
    Made(LINEAR, "tfepvcs", "ttffcsl", "<look"),
    Made(CHOICE, "dao", "wao", "<ask"),
    Made(CHOICE, "aod", "aow", "<write"),
    Made(TASKS, "epsvcu", "bbpcff", "<plan"),
]

REPEATED = [
    Made(LINEAR, "stfeptfepvc", "lttffttffcs", "+test +fix"),
    Made(LINEAR, "stfepvepvc", "lttffcffcs", "+fix +check"),
    Made(LINEAR, "stfstfepvc", "lttlttffcs", "+look +test"),
    Made(LINEAR, "stfepvcs", "lttffcsl", "+look"),
    Made(CHOICE, "adao", "awao", "+ask"),
    Made(TASKS, "sepvsepvcu", "pbbcpbbcff", "+plan"),
]

INTERLEAVED = [
    Made(LINEAR, "smtmfwemrpdvuc", "llttttfffffccs"),
    Made(LINEAR, "srrrtrrrfrrreprrrvrrc", "llllttttttttfffffcccs"),
    Made(LINEAR, "mmstfepvcmm", "..lttffcsss"),
    Made(CYCLE, "tmfmemp", "rrrrggg"),
    Made(CYCLE, "rrtfrreprrtfrrep", "..rrrrggggrrrrgg"),
    Made(TASKS, "smemprvmcmu", "ppbbbbccfff"),
]

OTHER_WAYS = [
    Made(each.workflow, each.does, each.steps, each.odd, how)
    for how in ("prompts", "agents")
    for each in (*IN_ORDER[:3], IN_ORDER[6], IN_ORDER[14], *SKIPPED[1:5], *SWAPPED[:3], *REPEATED[:2])
]

ALL = [*IN_ORDER, *SKIPPED, *SWAPPED, *REPEATED, *INTERLEAVED, *OTHER_WAYS]
