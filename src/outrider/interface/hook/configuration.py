"""What a person has set, read for one event: settings, the modes of rules, and where rules are kept.

All of it is JSON that the command line has written or checked; no YAML is read here.
"""

from __future__ import annotations

from outrider.interface.hook import files
from outrider.interface.hook.faults import mark
from outrider.interface.hook.wire import read_json
from outrider.judge.guard.seeing.digests import digest
from outrider.judge.guard.trust import effective, sound
from outrider.judge.guard.watch import Rulebook
from outrider.kernel.limits import GUARD_RULES_BYTES, GUARD_SETTINGS_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from outrider.interface.hook.places import Places
    from outrider.judge.guard.settings import Settings
    from outrider.judge.guard.trust import Effective
    from outrider.record.activities.activity import Event
    from outrider.record.activities.vocabulary import Vocabulary

SETTINGS = "settings.json"
LAST_GOOD = "settings.good.json"


def read(
    places: Places, project: str, now: float, *, interactive: bool, has_rules: bool
) -> tuple[Settings, Rulebook | None]:
    """Return the settings in force, and the rules where any were compiled."""
    found = in_force(places, project, lambda: mark(places, "settings-damaged", now))
    found.settings.interactive = interactive
    if not has_rules:
        return found.settings, None
    shelf = Shelf(places, project)
    modes = shelf.modes(found)
    return found.settings, Rulebook(
        shelf.rules_of, shelf.vocabulary, modes, shelf.before, speaks=found.speaks
    )


def in_force(places: Places, project: str, damaged: Callable[[], None] | None = None) -> Effective:
    """Return what holds in ``project``; ``damaged`` is called where the user's settings are no JSON."""
    own: object = _object(f"{places.guard}/{SETTINGS}", GUARD_SETTINGS_BYTES)
    if own is None and files.exists(f"{places.guard}/{SETTINGS}"):
        if damaged is not None:
            damaged()
        own = _last_good(places)
    own = sound(own, lambda: _last_good(places)) if own else own
    theirs = _object(f"{project}/.outrider/guard.json", GUARD_SETTINGS_BYTES) if project else None
    return effective(own, project, theirs)


def _last_good(places: Places) -> dict[str, object] | None:
    return _object(f"{places.guard}/{LAST_GOOD}", GUARD_SETTINGS_BYTES)


def prices(places: Places) -> dict[str, object]:
    """Return nano-USD per token by model, each a list in the order of :data:`spending.KINDS`."""
    return _object(f"{places.guard}/prices.json", GUARD_RULES_BYTES) or {}


class Shelf:
    """The compiled rules and words on disk, each read once, and only when asked for."""

    def __init__(self, places: Places, project: str) -> None:
        self._places = places
        self._project = project
        self._rules: dict[str, object] = {}
        self._vocabulary: Vocabulary | None = None

    def rules_of(self, skill: str) -> object:
        """Return the compiled object that holds for a skill, None where it has none."""
        if skill not in self._rules:
            from outrider.judge.guard.rule_files import rules_for

            self._rules[skill] = rules_for(
                skill, self._project, lambda name: _object(self._places.rules(name), GUARD_RULES_BYTES)
            )
        return self._rules[skill]

    def modes(self, held: Effective) -> Callable[[str, str], str]:
        """Return what gives the mode of a rule by skill and text; nothing is read before it is asked."""

        def mode_of(skill: str, rule: str) -> str:
            from outrider.judge.guard.rule_files import modes_of

            return modes_of(held, self.rules_of)(skill, rule)

        return mode_of

    def vocabulary(self) -> Vocabulary:
        """Return the words of the project, or the shipped ones."""
        from outrider.record.activities.vocabulary import build_vocabulary

        if self._vocabulary is None:
            shipped = _object(f"{self._places.guard}/vocabulary.json", GUARD_RULES_BYTES)
            own = f"{self._places.guard}/vocabulary-{digest(self._project)}.json"
            theirs = _object(own, GUARD_RULES_BYTES)
            self._vocabulary = build_vocabulary(shipped or {}, theirs)[0]
        return self._vocabulary

    def before(self, payload: dict[str, object]) -> Iterable[Event]:
        """Return what happened in the session before a skill was loaded, from the end of its transcript."""
        from outrider.interface.hook.transcripts import events_before

        return events_before(payload, self.vocabulary())


def _object(path: str, most: int) -> dict[str, object] | None:
    """Return the JSON object of a file; None where there is none that can be read."""
    try:
        raw = files.read_at_most(path, most)
        value = read_json(raw.decode("utf-8")) if raw is not None else None
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
