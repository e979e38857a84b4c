"""2026-11-02, an old client: to-do list, subagent lines inside the parent's file."""

from sample import opening
from sample.agents import launch
from sample.calls import bash, edit, grep, read, todos, write
from sample.client import OLD
from sample.session import Session

NOTES = "/home/dev/notes"
STEPS = {
    "Look at how search reads the notes": "Looking at search",
    "Keep an index of words": "Keeping an index of words",
    "Measure with the large folder": "Measuring",
}
SEARCH = """\
export function search(folder: string, word: string): string[] {
  return listNotes(folder).filter((path) => readFileSync(path, "utf8").includes(word));
}
"""
INDEX = """\
const words = new Map<string, Set<string>>();

export function indexNote(path: string, text: string): void {
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
    (words.get(word) ?? words.set(word, new Set()).get(word)!).add(path);
  }
}

export const lookUp = (word: string): string[] => [...(words.get(word.toLowerCase()) ?? [])];
"""
GREEN = "\n> notes@0.5.2 test\n> node --test\n\n# tests 23\n# pass 23\n# fail 0\n# duration_ms {}\n"


def items(*states: str) -> list[dict[str, str]]:
    return [
        {"content": text, "status": state, "activeForm": active}
        for (text, active), state in zip(STEPS.items(), states, strict=True)
    ]


def explore(agent: Session) -> None:
    agent.reply(4.1, grep("listNotes", f"{NOTES}/src", ["src/search.ts", "src/files.ts"]))
    agent.reply(3.4, read(f"{NOTES}/src/search.ts", SEARCH))
    agent.reply(
        8.8,
        "search() in src/search.ts reads every note from disk for each word. It is called from"
        " src/cli.ts only. Nothing is cached, there is no index.",
    )


def slow_search() -> Session:
    s = Session("slow search", "notes", OLD, "claude-opus-4-6", "2026-11-02T09:12:40.118")
    opening.before_prompt(s, hook_ms=92)
    s.prompt("Search takes four seconds with 3000 notes. Please make it fast, no new dependency.")
    todo = [
        items("in_progress", "pending", "pending"),
        items("completed", "in_progress", "pending"),
    ]
    todo += [items("completed", "completed", "in_progress"), items(*["completed"] * 3)]
    s.reply(7.2, "I will look at the search first.", todos([], todo[0]), think=140)
    task, _ = launch(
        s,
        "Explore",
        "Find the slow part of search",
        "How does search() read notes, who calls it, is anything cached? Report, change nothing.",
        explore,
        model="claude-haiku-4-5-20251001",
    )
    s.reply(5.9, task)
    s.reply(6.3, "Every search reads all files.", todos(todo[0], todo[1]))
    s.reply(18.4, "An index of words, kept in memory.", write(f"{NOTES}/src/words.ts", INDEX))
    body = SEARCH.split("\n")[1]
    s.reply(9.0, edit(f"{NOTES}/src/search.ts", body, "  return lookUp(word);"))
    s.reply(4.4, bash("npm test", GREEN.format("1483.2"), takes=2.9), todos(todo[1], todo[2]))
    measured = "3000 notes, 200 searches: 4 ms median (was 4120 ms)"
    s.reply(5.1, bash("node bench/search.js", measured, takes=6.7))
    commit = "git add -A && git commit -q -m 'Search through an index of words' && git log -1 --oneline"
    s.reply(6.6, bash(commit, "5d0c9e1 Search through an index of words", takes=0.6))
    s.reply(3.2, todos(todo[2], todo[3]))
    s.reply(8.5, "Search now takes 4 ms at the median instead of 4.1 s. The tests pass, committed.")
    s.close_turn(hook_ms=610)
    s.side_files[f"todos/{s.id}-agent-{s.id}.json"] = todo[3]
    return s
