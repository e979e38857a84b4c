"""The program that the host starts for an event: `python3 -I -S entry.py`.

Whatever happens, it ends with 0, and says either one JSON object or nothing.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDERS_UP = 4
"""From this file to the folder that holds the package."""

PAYLOAD_BYTES = 16 * 1024 * 1024
"""Larger payloads are let pass unread: reading one would keep a person waiting."""


def run(given: bytes | None, environment: "Mapping[str, str]", now: float, own: str) -> bytes:
    """Return what is answered to one payload: the bytes of a JSON object, or none."""
    from outrider.interface.hook import places, session, wire

    home = places.home_of(environment)
    if not home:
        return b""
    place = places.Places(home, "")
    try:
        payload = wire.read_json(given.decode("utf-8", "replace")) if given is not None else None
        event, name = _named(payload)
        if not isinstance(payload, dict) or not event or not name:
            session.mark(place, "payload-unreadable", now)
            return b""
        payload.pop("outrider", None)
        place = places.Places(home, name)
        answer = session.Session(place, environment, now, own).handle(event, payload)
        session.forgive(place)
        return wire.write_json(answer).encode("ascii") if answer else b""
    except (ValueError, RecursionError) as error:
        session.mark(place, f"payload-unreadable {type(error).__name__}", now)
    except Exception as error:
        session.blame(place, type(error).__name__, now)
    return b""


def main() -> None:
    """Read the payload, answer it, and end with 0 in any case."""
    import posix
    from time import time

    try:
        own = str(posix.getpid())
        bundle = _bundle()
        is_cached = _load(bundle)
        from outrider.interface.hook import files

        coded = sys.getfilesystemencoding(), "surrogateescape"
        environment = {name.decode(*coded): value.decode(*coded) for name, value in posix.environ.items()}
        answer = run(files.drained(0, PAYLOAD_BYTES), environment, time(), own)
        if answer:
            posix.write(1, answer)
        if not is_cached and "PYTHONDONTWRITEBYTECODE" not in environment:
            posix.close(1)
            from outrider.interface.hook import bundle as bundles

            bundles.write(bundle, own)
    except BaseException:
        posix._exit(0)
    posix._exit(0)


def _named(payload: object) -> tuple[str, str]:
    """Return the event's name and the session's; empty where there is none."""
    if not isinstance(payload, dict):
        return "", ""
    event, name = payload.get("hook_event_name"), payload.get("session_id")
    return event if isinstance(event, str) else "", name if isinstance(name, str) else ""


def _bundle() -> str:
    """Return the file with the compiled core modules, beside Python's own caches."""
    folder = __file__.rpartition("/")[0]
    return f"{folder}/__pycache__/core.{sys.implementation.cache_tag}.bundle"


def _load(bundle: str) -> bool:
    """Load the core modules from one file, where it is there and as new as its sources."""
    import gc
    import marshal
    import posix

    gc.disable()
    sys.path.insert(0, "/".join(__file__.split("/")[:-_FOLDERS_UP]))
    try:
        opened = posix.open(bundle, posix.O_RDONLY)
        try:
            entries = marshal.loads(posix.read(opened, 1 << 23))  # noqa: S302 - our own cache
        finally:
            posix.close(opened)
        for _, path, _, changed, size, _ in entries:
            status = posix.stat(path)
            if status.st_mtime != changed or status.st_size != size:
                return False
    except (OSError, ValueError, EOFError, TypeError):
        return False
    for name, path, is_package, _, _, code in entries:
        _execute(name, path, is_package, code)
    return True


def _execute(name: str, path: str, is_package: bool, code: object) -> None:
    """Make one module as the import system would, whose machinery takes longer than the module."""
    module = type(sys)(name)
    parent, _, last = name.rpartition(".")
    module.__file__ = path
    module.__package__ = name if is_package else parent
    if is_package:
        module.__path__ = [path.rpartition("/")[0]]
    sys.modules[name] = module
    exec(code, module.__dict__)  # type: ignore[arg-type]  # noqa: S102 - our own modules
    if parent:
        setattr(sys.modules[parent], last, module)


if __name__ == "__main__":
    main()
