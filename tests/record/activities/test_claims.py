from __future__ import annotations

import pytest

from outrider.record.activities.announcements import announcements_in
from outrider.record.activities.claims import claims_in


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("All 42 tests pass.", ["tests"]),
        ("All tests are passing now.", ["tests"]),
        ("The unit tests passed. The feature is now complete.", ["tests", "work"]),
        ("Everything is working.", ["work"]),
        ("All tasks are done!", ["work"]),
    ],
)
def test_a_claim_is_found(text: str, of: list[str]) -> None:
    assert [claim.of for claim in claims_in(text)] == of


@pytest.mark.parametrize(
    "text",
    [
        "Do all tests pass?",
        "Once all tests pass, I will commit.",
        "Not all tests pass.",
        "Let me verify that the tests pass.",
        "All tests should pass after this.",
        "I read the tests.",
        "The plan has three tasks.",
    ],
)
def test_a_question_a_plan_a_doubt_and_a_denial_claim_nothing(text: str) -> None:
    assert list(claims_in(text)) == []


def test_announcements_are_headings_bold_lines_and_numbered_steps() -> None:
    text = "Hello.\n## Phase 1: Look\n**Step 2: Mend**\nNow phase 3: ship it\nplain **bold** inside\n"
    assert announcements_in(text) == ("Phase 1: Look", "Step 2: Mend", "phase 3: ship it")
