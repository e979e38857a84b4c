"""The quiet lane: events of a calm session, which are taken in while the host goes on.

The launcher looks for the mark of calm, draws a ticket, and starts the hook behind the host's back. The order
of events is that of their tickets; an event that is answered waits until all tickets are gone.
"""

from __future__ import annotations

from outrider.interface.hook import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.interface.hook.places import Places

WAIT_SECONDS = 1.0
"""How long events wait for those before them while none of them gets on; they were killed then."""

PATIENCE_SECONDS = 0.1
"""How much longer for each event that stands between: whoever is next gives up first, and then gets on."""

MOST_PATIENCE_SECONDS = 0.5

MOST_SECONDS = 3.0
"""How long they wait in all; the host ends a hook that takes five."""

PAUSE = 0.004

WARY = 40
"""Events after a word to the model, or after a fault, in which a session is not called calm."""


class Lane:
    """The quiet lane of one session; ``ticket`` numbers an event that goes along it, empty for others."""

    __slots__ = ("_calm", "_cut", "_folder", "_hurry", "_ticket", "is_late")

    def __init__(self, places: Places, ticket: str = "") -> None:
        self._folder = places.state("quiet")
        self._calm = f"{self._folder}/calm"
        self._cut = f"{self._folder}/cut"
        self._hurry = f"{self._folder}/hurry"
        self._ticket = ticket
        self.is_late = bool(ticket)

    def drawn(self) -> float:
        """Return when the ticket was drawn, in seconds since 1970; 0 without one."""
        return files.changed_at(f"{self._folder}/{self._ticket}") if self._ticket else 0.0

    def wait(self) -> int:
        """Wait until the events before this one are taken in; returns how many were given up as lost.

        The launcher gives the processor to the host first; an event that somebody waits for ends that.
        """
        before = self._before()
        if not before:
            return 0
        if self._ticket:
            return self._outwait(before)
        self._touch(self._hurry)
        try:
            return self._outwait(before)
        finally:
            files.remove(self._hurry)

    def leave(self) -> None:
        """Let the events behind this one go on."""
        if self._ticket:
            files.remove(f"{self._folder}/{self._ticket}")

    def calm(self) -> None:
        """Let the next events of calls go along the quiet lane; where that fails they are answered."""
        self._touch(self._calm)

    def wake(self) -> None:
        """Have the next events answered again."""
        files.remove(self._calm)

    def cut(self) -> None:
        """Leave the lane with a payload that was cut: the host had gone before it was read."""
        if self._ticket:
            self._lose()
            self.leave()

    def was_cut(self) -> bool:
        """Tell once whether an event was lost, cut or killed."""
        if not files.exists(self._cut):
            return False
        files.remove(self._cut)
        return True

    def close(self) -> None:
        """End the lane with its session."""
        files.remove_folder(self._folder)

    def _outwait(self, before: list[str]) -> int:
        from time import monotonic, sleep

        most_still = WAIT_SECONDS + min(PATIENCE_SECONDS * (len(before) - 1), MOST_PATIENCE_SECONDS)
        begun = moved = monotonic()
        while before:
            now = monotonic()
            if now - moved > most_still or now - begun > MOST_SECONDS:
                return self._give_up(before)
            sleep(PAUSE)
            left = [number for number in before if files.exists(f"{self._folder}/{number}")]
            if len(left) < len(before):
                before, moved = left, monotonic()
        return 0

    def _give_up(self, numbers: list[str]) -> int:
        """Take away the tickets of events that never end; each is counted by one of those who wait."""
        lost = sum(files.remove(f"{self._folder}/{number}") for number in numbers)
        if lost:
            self._lose()
        return lost

    def _lose(self) -> None:
        """Have the next events answered, for a while."""
        self.wake()
        self._touch(self._cut)

    def _touch(self, path: str) -> None:
        try:
            files.touch(path)
        except OSError:
            return

    def _before(self) -> list[str]:
        """Return the tickets drawn before this event's: by time, then by process; all where it has none."""
        tickets = [number for number in files.names(self._folder) if number.isdecimal()]
        if not self._ticket:
            return tickets
        own = (self.drawn(), int(self._ticket))
        others = [(files.changed_at(f"{self._folder}/{number}"), int(number), number) for number in tickets]
        return [number for at, order, number in others if (at, order) < own]
