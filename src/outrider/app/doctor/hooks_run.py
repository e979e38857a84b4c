"""Every hook run for real, with a sample payload and a folder of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from outrider.app.doctor.checks import Check, ok, some, unknown, wrong
from outrider.app.doctor.hooks_file import Handler
from outrider.app.doctor.payloads import SESSION, payload
from outrider.app.doctor.reading import parsed, read
from outrider.app.doctor.running import Ran, run
from outrider.app.doctor.scene import Scene
from outrider.kernel.limits import DOCTOR_HOOKS_SECONDS

_AT_ONCE = 2
_LATE_ENOUGH = 2
_NEXT = {
    "hook-exit": "the launcher must end with 0 in any case: install the plugin again",
    "hook-answer": "the host takes one JSON object or nothing: install the plugin again",
    "hook-late": "see what keeps it: run the command by hand with a payload on its input",
    "hook-silent": "the program fails before it can say so (damaged sources?): install the plugin again",
    "hook-fault": "docs/hook.md names the marks; report it with the line of the mark",
}
_MEMBERS = frozenset(
    (
        *("continue", "stopReason", "suppressOutput", "systemMessage"),
        *("decision", "reason", "hookSpecificOutput"),
    )
)


def look(scene: Scene, handlers: Sequence[Handler]) -> list[Check]:
    """Run the handlers; returns what went wrong, or how long they took."""
    late = threading.Semaphore(_LATE_ENOUGH)
    until = time.monotonic() + scene.left(DOCTOR_HOOKS_SECONDS)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tries = [
            pool.submit(_tried, scene, handler, scene.scratch / f"hook-{number}", until, late)
            for number, handler in enumerate(handlers)
        ]
        results = [each.result() for each in tries]
    faults: dict[str, list[str]] = {}
    for slug, found, _ in results:
        if slug:
            faults.setdefault(slug, []).append(found)
    checks = [wrong(slug, some(found, 4), _NEXT[slug]) for slug, found in faults.items() if slug in _NEXT]
    left_out = faults.get("hooks-run", [])
    if left_out:
        checks.append(unknown("hooks-run", f"not run, as others took all the time: {some(left_out)}"))
    if checks:
        return checks
    times = [seconds for _, _, seconds in results]
    each = f"{1000 * sorted(times)[len(times) // 2]:.0f} ms each, the slowest {1000 * max(times):.0f} ms"
    return [ok("hooks-run", f"{len(times)} hooks ran and worked, {each}")]


def host_variables(scene: Scene, home: Path, data: Path) -> dict[str, str]:
    """Return the variables of the host for a program of the plugin; ``home`` is Outrider's folder."""
    kept = {name: value for name, value in scene.environment.items() if not name.startswith("CLAUDE")}
    return {
        **kept,
        "OUTRIDER_HOME": str(home),
        "CLAUDE_PLUGIN_ROOT": str(scene.root),
        "CLAUDE_PLUGIN_DATA": str(data),
        "CLAUDE_PROJECT_DIR": str(scene.scratch),
        "CLAUDE_CONFIG_DIR": str(scene.config),
        "CLAUDE_CODE_SESSION_ID": SESSION,
        "CLAUDECODE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _tried(
    scene: Scene, handler: Handler, place: Path, until: float, late: threading.Semaphore
) -> tuple[str, str, float]:
    """Return a slug with what was found, both empty where the hook worked, and the seconds it took."""
    left = until - time.monotonic()
    if left < 1 or not late.acquire(blocking=False):
        return "hooks-run", handler.event, 0.0
    late.release()
    home, data, project = place / "home", place / "data", place / "project"
    for folder in (home, data, project):
        folder.mkdir(mode=0o700, parents=True)
    cached, _ = read(scene.data / "interpreter")
    if cached:
        (data / "interpreter").write_bytes(cached)
    variables = host_variables(scene, home, data)
    given, seconds = payload(handler.event, project), min(handler.seconds, left)
    ran = run(handler.command, given, variables, project, seconds)
    if ran.is_late:
        late.acquire(blocking=False)
    slug, found = _judged(ran, home, seconds)
    return slug, f"{handler.event}: {found}", ran.seconds


def _judged(ran: Ran, home: Path, seconds: float) -> tuple[str, str]:
    if ran.why:
        return "hook-exit", f"could not be started ({ran.why})"
    if ran.is_late:
        return "hook-late", f"still at work after {ran.seconds:.0f} s (it had {seconds:.0f} s)"
    if ran.code:
        return "hook-exit", f"ended with {ran.code}"
    if ran.output.strip() and not _is_answer(parsed(ran.output)):
        return "hook-answer", "said what is no answer to the host"
    marks, _ = read(home / "guard" / "faults.log")
    if marks:
        return "hook-fault", f"marked {marks[:80].decode('ascii', 'replace').strip()}"
    if not _has_spooled(home):
        return "hook-silent", "ended well, and left no trace of the event"
    return "", ""


def _is_answer(given: object) -> bool:
    return isinstance(given, Mapping) and set(given) <= _MEMBERS


def _has_spooled(home: Path) -> bool:
    try:
        return any(path.stat().st_size > 0 for path in (home / "spool").iterdir())
    except OSError:
        return False
