"""What a person set for the guard, read with all mistakes at once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.kernel.errors import UsageError

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
    wrong += [f"{shown(name)} is no guard setting" for name in fields if name not in _NAMES]
    made = Settings(
        read_mode(fields.get("mode", ADVISE), "mode", wrong) or ADVISE,
        interactive=fields.get("interactive", True) is not False,
        modes=read_modes(fields.get("detectors", {}), "detectors", wrong, DETECTORS),
        limits=read_limits(fields.get("limits", {}), "limits", wrong),
    )
    if wrong:
        raise refusal(wrong)
    return made


def refusal(wrong: list[str], where: str = "") -> UsageError:
    """Return the one error that tells every mistake."""
    from outrider.kernel.errors import UsageError

    told = "; ".join(wrong)
    return UsageError(
        "guard-settings",
        f"{where}: {told}" if where else told,
        "Correct these; the settings before stay in force.",
    )


def read_mode(value: object, where: str, wrong: list[str]) -> str:
    """Return a mode, empty where it is none; what is wrong is added to ``wrong``, here and below."""
    if isinstance(value, str) and value in MODES:
        return value
    wrong.append(f"{where}: {shown(value)} is none of {', '.join(MODES)}")
    return ""


def read_modes(
    given: object, where: str, wrong: list[str], known: tuple[str, ...] | None = None
) -> dict[str, str]:
    """Return modes by name, without those that are wrong; ``known`` are the names that there are."""
    if not isinstance(given, dict):
        wrong.append(f"{where}: names with modes are wanted")
        return {}
    found: dict[str, str] = {}
    for name, value in given.items():
        if known is not None and name not in known:
            wrong.append(f"{where}: {shown(name)} is unknown; there are {', '.join(known)}")
        elif not isinstance(name, str) or not name.strip():
            wrong.append(f"{where}: {shown(name)} is no name")
        elif mode := read_mode(value, f"{where}.{name[:_SHOWN]}", wrong):
            found[name] = mode
    return found


def read_limits(given: object, where: str, wrong: list[str]) -> dict[str, dict[str, float]]:
    """Return limits by scope and name, without those that are wrong."""
    if not isinstance(given, dict):
        wrong.append(f"{where}: scopes with limits are wanted")
        return {}
    found: dict[str, dict[str, float]] = {}
    for scope, values in given.items():
        if scope not in SCOPES or not isinstance(values, dict):
            wrong.append(f"{where}: {shown(scope)} is none of {', '.join(SCOPES)}, or has no limits")
            continue
        numbers = {name: _number(value, f"{where}.{scope}", name, wrong) for name, value in values.items()}
        found[scope] = {name: number for name, number in numbers.items() if number}
    return found


def shown(value: object) -> str:
    """Return a wrong value as it is told: quoted and cut."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_SHOWN = 80
_NAMES = ("mode", "interactive", "detectors", "limits")


def _number(value: object, where: str, name: object, wrong: list[str]) -> float:
    if name not in LIMITS:
        wrong.append(f"{where}: {shown(name)} is no limit; there are {', '.join(LIMITS)}")
    elif not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1e15:
        wrong.append(f"{where}.{name}: {shown(value)} is no number above zero")
    else:
        return float(value)
    return 0.0
