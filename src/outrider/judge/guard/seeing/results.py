"""What came of a call, from every shape in which the host hands it over.

A result is a string, a list of parts, or an object whose fields differ by tool; failure is an own event, a
flag in the object, or a marked text. The flag decides, never a word like "error" somewhere in the text.
"""

from __future__ import annotations

from outrider.kernel.limits import GUARD_DEPTH, GUARD_ITEMS

MARKS_OF_FAILURE = ("<tool_use_error>", "Error:", "error:", "InputValidationError", "Exit code ", "MCP error")
"""Beginnings of a result text by which the host marks a failure."""


def text_of(response: object) -> str:
    """Return the words of a result: its texts in order, without the fields that tell times and ids."""
    if isinstance(response, str):
        return response
    if isinstance(response, dict):
        known = _known(response)
        if known is not None:
            return known
    found: list[str] = []
    _collect(response, found, 0)
    return "\n".join(found)


def failed(response: object, text: str) -> bool:
    """Tell whether the host marked this result as a failure."""
    if isinstance(response, dict):
        for name in ("is_error", "isError"):
            if response.get(name) is True:
                return True
        if response.get("success") is False or response.get("ok") is False:
            return True
        code = next((response[name] for name in _EXITS if name in response), 0)
        if isinstance(code, int) and code != 0:
            return True
        if "stdout" in response:
            return False
        if isinstance(response.get("error"), str) and response["error"]:
            return True
        content = response.get("content")
        return isinstance(content, str) and _is_marked(content)
    if isinstance(response, list):
        return any(isinstance(part, dict) and part.get("is_error") is True for part in response[:GUARD_ITEMS])
    return _is_marked(text)


def is_refusal(text: str) -> bool:
    """Tell whether a failed or unanswered call was refused by a person, a permission rule or a hook."""
    head = text[:400].lower()
    return any(phrase in head for phrase in _REFUSALS)


def changed_nothing(text: str) -> bool:
    """Tell whether an edit that is not marked as failed says that it left everything as it was."""
    return len(text) < 400 and text.lower().startswith(_UNCHANGED)


def names_no_tool(text: str) -> bool:
    """Tell whether a call failed since there is no such tool, whatever its name."""
    return _NO_TOOL in text[:200].lower()


def is_fallout(text: str) -> bool:
    """Tell whether this call was only given up because another one of the same reply failed."""
    head = text[:200].lower()
    return "sibling tool call" in head or "parallel tool call" in head


def is_transient(text: str) -> bool:
    """Tell whether a failure is of the kind that goes away by waiting."""
    if len(text) > 1_600:
        text = text[:800] + text[-800:]
    low = text.lower()
    return any(phrase in low for phrase in _TRANSIENT) or _has_status(low)


def looks_failing(text: str) -> bool:
    """Tell whether an unmarked output ends like a failed run (its exit status was lost in a pipe)."""
    tail = text[-600:]
    if not any(sign in tail for sign in _FAIL_SIGNS):
        return False
    for line in tail.splitlines()[-8:]:
        words = line.replace(",", " ").replace("=", " ").replace("(", " ").replace(":", " ").split()
        for at, word in enumerate(words):
            if word in _FAIL_WORDS and (at == 0 or word.isupper()):
                return True
            if (
                word in ("failed", "failing", "failures", "errors", "error")
                and at
                and words[at - 1].isdigit()
            ):
                return words[at - 1] != "0"
    return False


_EXITS = ("exit_code", "exitCode", "returnCode", "return_code", "code")
_FAIL_SIGNS = ("ail", "FAIL", "rror", "Traceback", "ERR!")
_FAIL_WORDS = frozenset(("FAILED", "FAIL", "Traceback", "AssertionError", "TypeError", "SyntaxError", "ERR!"))
_VOLATILE = frozenset(
    (
        "is_error",
        "isError",
        "usage",
        "toolStats",
        "originalFile",
        "structuredPatch",
        "prompt",
        "gitDiff",
        "interrupted",
        "isImage",
        "noOutputExpected",
        "userModified",
        "harnessSectionHash",
        "resolvedModel",
        "modelsUsed",
        "outputFile",
        "backgroundTaskId",
        "agentId",
        "taskId",
        "runId",
        "transcriptDir",
        "scriptPath",
        "bytes",
        "durationSeconds",
    )
)
_REFUSALS = (
    "permission to use",
    "has been denied",
    "was denied",
    "denied by",
    "permission denied by",
    "doesn't want to proceed",
    "doesn't want to take this action",
    "does not want to proceed",
    "user rejected",
    "rejected by the user",
    "rejected by user",
    "user declined",
    "declined by",
    "requested permissions",
    "haven't granted",
    "not granted",
    "hook error:",
    "blocked by",
    "blocked:",
    "hook denied",
    "requires approval",
    "not allowed by",
    "not permitted",
)
_UNCHANGED = ("no change", "nothing changed", "nothing to change", "unchanged", "the file is unchanged")
_NO_TOOL = "no such tool"
_TRANSIENT = (
    "too many requests",
    "rate limit",
    "rate-limit",
    "ratelimit",
    "service unavailable",
    "bad gateway",
    "gateway timeout",
    "gateway time-out",
    "econnrefused",
    "connection refused",
    "econnreset",
    "connection reset",
    "connection aborted",
    "etimedout",
    "timed out",
    "timeout",
    "temporarily unavailable",
    "temporary failure",
    "try again later",
    "overloaded",
    "network is unreachable",
    "could not resolve host",
    "eai_again",
    "index.lock",
    "database is locked",
    "waiting for lock",
    "could not get lock",
    "not ready",
    "failed to connect",
    "couldn't connect",
    "throttl",
)
_STATUSES = ("429", "502", "503", "504", "529")
_BEFORE_STATUS = frozenset(
    ("http", "status", "error", "code", "returned", "http/1.1", "http/2", "http/1.0", "response")
)


def _is_marked(text: str) -> bool:
    if not text.startswith(MARKS_OF_FAILURE):
        return False
    return not text.startswith("Exit code 0")


def _has_status(low: str) -> bool:
    if not any(status in low for status in _STATUSES):
        return False
    words = (
        low.replace(":", " ").replace("(", " ").replace(")", " ").replace("=", " ").replace('"', " ").split()
    )
    return any(
        word.rstrip(".,;") in _STATUSES and (at == 0 or words[at - 1] in _BEFORE_STATUS)
        for at, word in enumerate(words)
    )


def _known(response: dict[object, object]) -> str | None:
    """Read the objects of the tools that are called most."""
    out = response.get("stdout")
    if isinstance(out, str):
        err = response.get("stderr")
        code = next((response[name] for name in _EXITS if name in response), 0)
        said = out + "\n" + err if isinstance(err, str) and err else out
        return f"Exit code {code}\n{said}" if isinstance(code, int) and code else said
    file = response.get("file")
    if isinstance(file, dict):
        content = file.get("content")
        if isinstance(content, str):
            return content
    files = response.get("filenames")
    if isinstance(response.get("numFiles"), int) and isinstance(files, list):
        content = response.get("content")
        names = [name for name in files[:GUARD_ITEMS] if isinstance(name, str)]
        return "\n".join([content, *names] if isinstance(content, str) else names)
    return None


def _collect(value: object, found: list[str], depth: int) -> None:
    if depth > GUARD_DEPTH or len(found) > GUARD_ITEMS:
        return
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        if value.get("type") == "text" and isinstance(value.get("text"), str):
            found.append(str(value["text"]))
            return
        for name in sorted(filter(_tells, value))[:GUARD_ITEMS]:
            inner = value[name]
            if not isinstance(inner, str | list | dict):
                found.append(f"{name}={inner}")
            else:
                _collect(inner, found, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value[:GUARD_ITEMS]:
            _collect(inner, found, depth + 1)
    elif value is not None:
        found.append(str(value))


def _tells(name: object) -> bool:
    if not isinstance(name, str) or name in _VOLATILE:
        return False
    low = name.lower()
    return not (low.startswith("total") or low.endswith(("_ms", "durationms", "timestamp", "elapsed", "_at")))
