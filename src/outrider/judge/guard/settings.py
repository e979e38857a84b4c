"""What a person set for the guard, read with all mistakes at once."""

from __future__ import annotations

OBSERVE = "observe"
ADVISE = "advise"
ENFORCE = "enforce"
OFF = "off"
MODES = (OFF, OBSERVE, ADVISE, ENFORCE)

DETECTORS = (
    *(
        "same_result",
        "poll",
        "repeat",
        "same_failure",
        "volatile_result",
        "cycle",
        "refused_again",
        "same_error",
    ),
    *("churn", "no_progress", "failed_edits", "flip_flop", "unchanged_edits", "duplicates", "compactions"),
    *("after_compaction", "delegation", "plan_churn", "held_stops", "messages", "chant", "rounds"),
)

LIMITS = ("calls", "failed", "edits", "agents", "seconds", "idle", "tokens", "cost")
SCOPES = ("session", "run", "step", "agent")


class Settings:
    """How the guard behaves. ``modes`` are exceptions by detector, ``limits`` maps a scope to its limits."""

    __slots__ = ("interactive", "limits", "mode", "modes")

    def __init__(
        self,
        mode: str = ADVISE,
        *,
        interactive: bool = True,
        modes: dict[str, str] | None = None,
        limits: dict[str, dict[str, float]] | None = None,
    ) -> None:
        self.mode = mode
        self.interactive = interactive
        self.modes = modes or {}
        self.limits = limits or {}

    def mode_of(self, detector: str) -> str:
        """Return the mode that holds for one detector or limit."""
        return self.modes.get(detector, self.mode)


def read(given: object) -> Settings:
    """Return settings from plain objects; raises one UsageError that names every mistake.

    ``{"mode": "advise", "interactive": true, "detectors": {"poll": "off"}, "limits": {"session":
    {"calls": 300}}}``
    """
    wrong: list[str] = []
    fields = given if isinstance(given, dict) else {}
    if not isinstance(given, dict):
        wrong.append("guard settings are an object")
    wrong += [f"{name!r} is no guard setting" for name in fields if name not in _NAMES]
    made = Settings(
        _mode(fields.get("mode", ADVISE), "mode", wrong),
        interactive=fields.get("interactive", True) is not False,
        modes=_modes(fields.get("detectors", {}), wrong),
        limits=_limits(fields.get("limits", {}), wrong),
    )
    if wrong:
        from outrider.kernel.errors import UsageError

        raise UsageError(
            "guard-settings", "; ".join(wrong), "Correct these; the settings before stay in force."
        )
    return made


_NAMES = ("mode", "interactive", "detectors", "limits")


def _mode(value: object, where: str, wrong: list[str]) -> str:
    if isinstance(value, str) and value in MODES:
        return value
    wrong.append(f"{where}: {value!r} is none of {', '.join(MODES)}")
    return ADVISE


def _modes(given: object, wrong: list[str]) -> dict[str, str]:
    if not isinstance(given, dict):
        wrong.append("detectors: names with modes are wanted")
        return {}
    unknown = [str(name) for name in given if name not in DETECTORS]
    wrong += [f"detectors: {name!r} is unknown; there are {', '.join(DETECTORS)}" for name in unknown]
    return {
        name: _mode(mode, f"detectors.{name}", wrong) for name, mode in given.items() if name in DETECTORS
    }


def _limits(given: object, wrong: list[str]) -> dict[str, dict[str, float]]:
    if not isinstance(given, dict):
        wrong.append("limits: scopes with limits are wanted")
        return {}
    found: dict[str, dict[str, float]] = {}
    for scope, values in given.items():
        if scope not in SCOPES or not isinstance(values, dict):
            wrong.append(f"limits: {scope!r} is none of {', '.join(SCOPES)}, or has no limits")
            continue
        found[scope] = {
            name: _number(value, f"limits.{scope}.{name}", name, wrong) for name, value in values.items()
        }
    return found


def _number(value: object, where: str, name: object, wrong: list[str]) -> float:
    if name not in LIMITS:
        wrong.append(f"{where} is no limit; there are {', '.join(LIMITS)}")
    elif not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1e15:
        wrong.append(f"{where}: {value!r} is no number above zero")
    else:
        return float(value)
    return 1.0
