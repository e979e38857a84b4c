"""What stands in a session as one line: only what is there, in checked names, numbers and our own signs."""

from __future__ import annotations

from outrider.judge.guard import settings as setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.standing import Limit, Run, Standing

BETWEEN = " · "
MORE = "…"

PLAIN, STRONG, WARN, ALARM = "", "1", "33", "31"
"""How a part looks where colour is asked for: the parameter of its escape sequence (ECMA-48, SGR)."""

LABEL_CHARS = 40
OWED_SHOWN = 2
ALWAYS = ("seconds", "cost", "tokens")
"""Limits that are always shown; others from `NEAR` on."""

NEAR = 0.8
"""From here on a limit is near."""

Part = tuple[str, str]


def of(standing: Standing | None, cost: float = 0.0, *, color: bool = False) -> str:
    """Return the line; ``cost`` in USD is the client's own count, shown where no limit of cost is."""
    parts = _parts(standing) if standing is not None else []
    costly = standing is not None and any(each.name == "cost" for each in standing.limits)
    if cost and not costly:
        parts.append((f"${cost:,.2f}", PLAIN))
    if standing is not None:
        parts += _held(standing) + _owed(standing)
        parts = parts or [(f"outrider: {standing.mode}", PLAIN)]
    return BETWEEN.join(_colored(*part) if color else part[0] for part in parts)


def _parts(standing: Standing) -> list[Part]:
    """Return what stops everything, then the run and its limits."""
    found: list[Part] = []
    if standing.tripped:
        found.append((f"tripped: {_cut(standing.tripped)}", ALARM))
    if standing.stopped:
        found.append(("stopped" if standing.stopped == "session" else f"stopped: {standing.stopped}", ALARM))
    if standing.faults:
        found.append((f"hook faults: {standing.faults}", WARN))
    if not standing.readable:
        found.append(("state damaged", WARN))
    if standing.mode == setting.OFF:
        found.append(("guard off", WARN))
    if standing.runs:
        found += _run(standing.runs[0], len(standing.runs) - 1)
    return found + _limits(standing)


def _run(run: Run, others: int) -> list[Part]:
    more = f" +{others}" if others else ""
    found = [(f"{_cut(run.skill)}{more}", STRONG)]
    if run.step:
        at = f" {run.number}/{run.steps}" if run.number else ""
        found.append((f"{_cut(run.step)}{at}", PLAIN))
    return found


def _limits(standing: Standing) -> list[Part]:
    """Return for each kind of limit the one that is nearest."""
    nearest: dict[str, Limit] = {}
    for limit in standing.limits:
        known = nearest.get(limit.name)
        if known is None or _share(limit) > _share(known):
            nearest[limit.name] = limit
    return [
        (_limit(nearest[name]), ALARM if _share(nearest[name]) >= 1 else _near(nearest[name]))
        for name in (*ALWAYS, *(name for name in setting.LIMITS if name not in ALWAYS))
        if name in nearest and (name in ALWAYS or _share(nearest[name]) >= NEAR)
    ]


def _limit(limit: Limit) -> str:
    used, most = _amount(limit.name, limit.used), _amount(limit.name, limit.most)
    unit = {"seconds": "", "cost": "", "idle": " idle"}.get(limit.name, f" {limit.name}")
    return f"{used} of {most}{unit}"


def _held(standing: Standing) -> list[Part]:
    if not standing.held:
        return []
    more = f" +{len(standing.held) - 1}" if len(standing.held) > 1 else ""
    return [(f"held: {_cut(standing.held[0].label)}{more}", ALARM)]


def _owed(standing: Standing) -> list[Part]:
    """Return what would keep the rules of the runs."""
    owed = [repair or rule for run in standing.runs for rule, repair in run.owed]
    owed = list(dict.fromkeys(_cut(each) for each in owed if each))
    if not owed:
        return []
    more = f" +{len(owed) - OWED_SHOWN}" if len(owed) > OWED_SHOWN else ""
    return [(f"owes: {', '.join(owed[:OWED_SHOWN])}{more}", WARN)]


def _amount(name: str, value: float) -> str:
    if name == "cost":
        return f"${value:,.2f}".removesuffix(".00")
    if name in ("seconds", "idle"):
        return span(value)
    if value < 10_000:
        return f"{value:.0f}"
    return f"{value / 1e3:.0f}k" if value < 1e7 else f"{value / 1e6:.0f}M"


def span(seconds: float) -> str:
    """Return a time as a person says it: 40s, 12m, 2h05m, 3d4h."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3_600:
        return f"{whole // 60}m"
    if whole < 86_400:
        return f"{whole // 3_600}h{whole % 3_600 // 60:02}m"
    return f"{whole // 86_400}d{whole % 86_400 // 3_600}h"


def _share(limit: Limit) -> float:
    return limit.used / limit.most if limit.most > 0 else 0.0


def _near(limit: Limit) -> str:
    return WARN if _share(limit) >= NEAR else PLAIN


def _cut(text: str) -> str:
    return text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1] + MORE


def _colored(text: str, look: str) -> str:
    return f"\x1b[{look}m{text}\x1b[0m" if look else text
