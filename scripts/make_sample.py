"""Write the sample records that ship with the package.

    python scripts/make_sample.py            # writes src/outrider/sample
    python scripts/make_sample.py --check    # says what differs, changes nothing

The same input gives the same bytes on every machine: no clock, no random numbers.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from sample.agents import meta
from sample.old_notes import slow_search
from sample.other_sessions import forked, loop, release_notes
from sample.readme import page
from sample.session import Session
from sample.shop_tdd import clean_run, nested_review, no_failing_test, source_first
from sample.skills import plugin_files
from sample.wrangler_logs import ENGINE, PHASES, engine_dialect, phases_dialect

TARGET = Path(__file__).parents[1] / "src/outrider/sample"
WRITTEN = ("config", "shop", "README.md")


def main() -> int:
    files = sample_files()
    if sys.argv[1:] == ["--check"]:
        wrong = sorted({path for path, _ in set(files.items()) ^ set(on_disk().items())})
        for path in wrong:
            print(f"differs: {path}")
        return bool(wrong)
    for name in WRITTEN:
        old = TARGET / name
        shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
    for path, text in files.items():
        (TARGET / path).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / path).write_bytes(text.encode())
    print(f"{len(files)} files, {sum(len(text.encode()) for text in files.values()):,} bytes")
    return 0


def on_disk() -> dict[str, str]:
    """The committed sample, in the shape of `sample_files`."""
    found = [path for name in WRITTEN for path in ((TARGET / name), *(TARGET / name).rglob("*"))]
    return {str(path.relative_to(TARGET)): path.read_bytes().decode() for path in found if path.is_file()}


def sample_files() -> dict[str, str]:
    """Text by path under the sample folder."""
    sessions = all_sessions()
    files: dict[str, str] = {}
    for session in sessions:
        files |= session_files(session)
    files |= {f"config/{path}": text for path, text in plugin_files().items()}
    for name, folder in ((PHASES, phases_dialect()), (ENGINE, engine_dialect())):
        for file, value in folder.items():
            text = lines(value) if isinstance(value, list) else pretty(value)
            files[f"shop/.wrangler/sessions/{name}/{file}"] = text
    return files | {"README.md": page(sessions, files)}


def all_sessions() -> list[Session]:
    reservations = nested_review()
    return [
        slow_search(),
        clean_run(),
        no_failing_test(),
        reservations,
        loop(),
        source_first(),
        forked(reservations),
        release_notes(),
    ]


def session_files(session: Session) -> dict[str, str]:
    folder = "config/projects/" + re.sub(r"[^A-Za-z0-9]", "-", session.cwd)
    files = {f"{folder}/{session.id}.jsonl": lines(session.lines) + session.tail}
    for agent in session.agents:
        name = f"{folder}/{session.id}/subagents/agent-{agent.agent['id']}"
        files[f"{name}.jsonl"] = lines(agent.lines)
        files[f"{name}.meta.json"] = json.dumps(meta(agent), separators=(",", ":"))
    return files | {f"config/{path}": pretty(value) for path, value in session.side_files.items()}


def lines(records: list[dict[str, Any]]) -> str:
    texts = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    return "".join(text + "\n" for text in texts)


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
