"""The skills of the made-up plugin `craft`, in the two versions that the sessions use."""

import json
from dataclasses import dataclass
from pathlib import Path

PLUGIN_HOME = "/home/dev/.claude/plugins/cache/craft-market/craft"
AUTHOR = {"name": "Craft Market"}


@dataclass(frozen=True)
class Skill:
    """One version of one skill; `body` is the text after the frontmatter."""

    folder: str
    version: str
    head: str
    body: str
    plugin: str = "craft"

    @property
    def name(self) -> str:
        return f"{self.plugin}:{self.folder}"

    @property
    def home(self) -> str:
        return f"{PLUGIN_HOME}/{self.version}/skills/{self.folder}"

    def loaded(self) -> str:
        """The text as the host puts it into the conversation."""
        return f"Base directory for this skill: {self.home}\n\n{self.body}"

    def file(self) -> str:
        return f"---\n{self.head}---\n\n{self.body}"


TDD_HEAD = """\
name: practicing-tdd
description: Use when adding behaviour or fixing a bug in tested code. Writes the test first.
"""

TDD_OLD = """\
# Practicing TDD

One behaviour at a time. The test comes first, and you have seen it fail before you write the code.

## Before you start

- Say which behaviour you are about to add, in one sentence.
- Read the code and the tests next to it.
- Run `npm test` once if you do not know whether the suite is green.

## Step 1: Red

1. Add one test in `test/` for the behaviour.
2. Run `npm test`.
3. See the new test fail, for the reason you expect. An import error does not count.

## Step 2: Green

1. Edit the code in `src/`. Write the least that makes the test pass.
2. Run `npm test` again.
3. All tests pass. If an old test fails, fix the code, not the test.

## Step 3: Tidy

Optional. Remove duplication, improve names, keep the tests green. Run `npm test` after each change.

## Step 4: Commit

1. Run `git add` for the files of this behaviour only.
2. Run `git commit` with a message that names the behaviour.

## Rules

- Never edit `src/` before a test has failed.
- Never weaken a test to make it pass.
- Never commit when the last test run was red or is older than the last edit.
- When the behaviour is unclear, ask the user before you write the test.
"""

TDD_NEW = (
    TDD_OLD.replace(
        "fix the code, not the test.\n",
        "fix the code, not the test.\n"
        "4. After three red runs in a row, stop and say what you have learned.\n",
    )
    .replace(
        "## Step 4: Commit\n",
        "## Step 4: Review\n\n"
        "When the change touches more than one file in `src/`, use the skill\n"
        "`craft:reviewing-code` and deal with its findings before you commit. A finding about\n"
        "behaviour needs a test.\n\n"
        "## Step 5: Commit\n",
    )
    .replace("Optional. Remove duplication", "Optional, at most ten minutes. Remove duplication")
)

REVIEW_HEAD = """\
name: reviewing-code
description: Use before committing a change of behaviour. Has a reviewer look at the diff.
"""

REVIEW = """\
# Reviewing code

A second pair of eyes that has not written the change.

1. Run `git diff` and read it once yourself.
2. Start the agent `craft:reviewer`. Give it the goal of the change and the names of the files.
3. Sort its findings: behaviour, clarity, taste.
4. Fix what concerns behaviour now, with a test. Write down the rest.
5. Report which findings were fixed and which were left.

Do not argue with the reviewer. Do not start a second one for the same change.
"""

SUMMARY_HEAD = """\
name: summarizing-changes
description: Use when release notes are due. Reads the history since the last tag.
context: fork
agent: general-purpose
background: false
"""

SUMMARY = """\
# Summarizing changes

1. Run `git describe --tags --abbrev=0` to find the last release.
2. Run `git log --oneline <tag>..HEAD`.
3. Group the commits: new, changed, fixed. Leave out what users do not notice.
4. Answer with at most ten lines. Change no file.
"""

REVIEWER = """\
---
name: reviewer
description: Reviews a diff for faults of behaviour. Reads only.
model: haiku
tools: Bash, Read, Grep
---

Look for wrong boundaries, missing cases and tests that cannot fail. Name file and line. No praise.
"""

TDD = {
    "1.2.0": Skill("practicing-tdd", "1.2.0", TDD_HEAD, TDD_OLD),
    "1.3.0": Skill("practicing-tdd", "1.3.0", TDD_HEAD, TDD_NEW),
}
REVIEWING = Skill("reviewing-code", "1.3.0", REVIEW_HEAD, REVIEW)
SUMMARIZING = Skill("summarizing-changes", "1.3.0", SUMMARY_HEAD, SUMMARY)


def plugin_files() -> dict[Path, str]:
    """The plugin's own files, by path under the configuration folder."""
    root = Path("plugins/cache/craft-market/craft")
    files = {}
    for version in TDD:
        manifest = {"name": "craft", "version": version, "author": AUTHOR}
        files[root / version / ".claude-plugin/plugin.json"] = json.dumps(manifest, indent=2) + "\n"
        files[root / version / "agents/reviewer.md"] = REVIEWER
    for skill in (*TDD.values(), REVIEWING, SUMMARIZING):
        files[root / skill.version / "skills" / skill.folder / "SKILL.md"] = skill.file()
    return files
