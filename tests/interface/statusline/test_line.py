"""The line says what stands, and only that."""

from __future__ import annotations

import pytest

from outrider.interface.statusline.line import of, span
from outrider.judge.guard.standing import Held, Limit, Run, Standing

FULL = Standing(
    "s",
    runs=(Run("practicing-tdd", "", "green", 2, 5, (("after edit.src require review", "review"),)),),
    limits=(
        Limit("run:practicing-tdd", "seconds", 754, 2_700),
        Limit("session", "seconds", 754, 7_200),
        Limit("session", "cost", 1.2, 5),
        Limit("session", "calls", 12, 300),
    ),
    held=(Held("", "Bash npm test", "open", 6, 1),),
)


def test_everything_at_once() -> None:
    assert of(FULL) == (
        "practicing-tdd · green 2/5 · 12m of 45m · $1.20 of $5 · held: Bash npm test · owes: review"
    )


@pytest.mark.parametrize(
    ("standing", "cost", "line"),
    [
        (None, 0.0, ""),
        (None, 1.2, "$1.20"),
        (Standing("s"), 0.0, "outrider: advise"),
        (Standing("s", mode="observe"), 0.0, "outrider: observe"),
        (Standing("s", mode="off"), 0.0, "guard off"),
        (Standing("s", (Run("reading"),)), 0.25, "reading · $0.25"),
        (Standing("s", (Run("a", step="red", number=1, steps=2), Run("b"))), 0.0, "a +1 · red 1/2"),
        (Standing("s", (Run("a", step="gone", steps=2),)), 0.0, "a · gone"),
        (Standing("s", limits=(Limit("session", "cost", 6, 5),)), 9.0, "$6 of $5"),
        (Standing("s", limits=(Limit("session", "calls", 240, 300),)), 0.0, "240 of 300 calls"),
        (Standing("s", limits=(Limit("session", "calls", 239, 300),)), 0.0, "outrider: advise"),
        (Standing("s", limits=(Limit("run:a", "tokens", 480_000, 6e5),)), 0.0, "480k of 600k tokens"),
        (Standing("s", limits=(Limit("run:a", "idle", 540, 600),)), 0.0, "9m of 10m idle"),
        (Standing("s", tripped="enough", stopped="session"), 0.0, "tripped: enough · stopped"),
        (Standing("s", stopped="a1", faults=2), 0.0, "stopped: a1 · hook faults: 2"),
        (Standing("s", readable=False), 0.0, "state damaged"),
        (
            Standing("s", held=(Held("", "Bash npm test", "open", 6, 1), Held("", "Read", "open", 6, 1))),
            0.0,
            "held: Bash npm test +1",
        ),
        (
            Standing("s", (Run("a", owed=(("r", "x"), ("s", "x"), ("t", "y"), ("u", "z"), ("v", ""))),)),
            0.0,
            "a · owes: x, y +2",
        ),
        (Standing("s", (Run("a" * 80),)), 0.0, "a" * 39 + "…"),
    ],
)
def test_only_what_is_there(standing: Standing | None, cost: float, line: str) -> None:
    assert of(standing, cost) == line


def test_colours_are_ours_and_only_where_they_are_asked_for() -> None:
    assert of(FULL, color=True) == (
        "\x1b[1mpracticing-tdd\x1b[0m · green 2/5 · 12m of 45m · $1.20 of $5"
        " · \x1b[31mheld: Bash npm test\x1b[0m · \x1b[33mowes: review\x1b[0m"
    )
    near = Standing("s", limits=(Limit("session", "cost", 4, 5), Limit("session", "seconds", 61, 60)))
    assert of(near, color=True) == "\x1b[31m1m of 1m\x1b[0m · \x1b[33m$4 of $5\x1b[0m"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59.9, "59s"), (60, "1m"), (3_600, "1h00m"), (7_500, "2h05m"), (273_600, "3d4h")],
)
def test_times_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert span(seconds) == text
