"""Many payloads through one isolated interpreter, as a hook has it: nothing loaded but what it loads itself.

In the interpreter of the tests `json`, `re` and `os` are there, and hide what a hook does without them.
"""

from __future__ import annotations

import json
import marshal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.interface.hook.program import ROOT, Program, answer_of

_LOOP = """
import sys
sys.path.insert(0, sys.argv[1])
import marshal
from outrider.interface.hook import program
while True:
    given, environment, now = marshal.load(sys.stdin.buffer)
    if given is None:
        break
    try:
        said = program.run(given, environment, now, "own")
    except BaseException as error:
        said = repr(error)
    sys.stdout.buffer.write(marshal.dumps(said))
    sys.stdout.buffer.flush()
"""


class Interpreter:
    """One isolated interpreter that takes in one payload after the other."""

    def __init__(self) -> None:
        self._now = 1_795_000_000.0
        self._running = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LOOP, str(ROOT / "src")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, given: bytes, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return the answer to one payload; an exception is a failure."""
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._now += 1
        self._running.stdin.write(marshal.dumps((given, dict(environment), self._now)))
        self._running.stdin.flush()
        said = marshal.load(self._running.stdout)
        assert isinstance(said, bytes), said
        return answer_of(said)

    def close(self) -> None:
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._running.stdin.write(marshal.dumps((None, {}, 0.0)))
        self._running.stdin.close()
        self._running.stdout.close()
        self._running.wait(timeout=20)


class Quick(Program):
    """The program without a process for each payload."""

    interpreter: Interpreter

    def run(
        self, given: bytes | Mapping[str, object], environment: Mapping[str, str] | None = None, **_: Any
    ) -> dict[str, Any]:
        raw = given if isinstance(given, bytes) else json.dumps(given).encode()
        return self.interpreter.ask(raw, self.environment if environment is None else environment)
