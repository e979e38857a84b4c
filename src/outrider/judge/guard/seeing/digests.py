"""Short digests of texts, and names of files made of them.

The guard compares texts and keeps none of them: what is remembered of a call is a digest and a short name.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _digester() -> Callable[[bytes], str]:
    """Return the keyed hash that the interpreter has built in for its own caches (PEP 552: SipHash, 64 bit).

    The others live in libraries of their own, and loading one costs a hook a tenth of its time.
    """
    try:
        from _imp import source_hash
    except ImportError:
        from hashlib import blake2b

        return lambda content: blake2b(content, digest_size=8).hexdigest()
    return lambda content: source_hash(_KEY, content).hex()


_KEY = 0x0D1_6E57

NAME_CHARS = 80

_digest = _digester()


def digest(text: str) -> str:
    """Return 16 hexadecimal digits that stand for ``text``, the same in every session and process."""
    return _digest(text.encode("utf-8", "surrogatepass"))


def rules_name(skill: str, project: str = "") -> str:
    """Return the name of the file with the compiled rules of a skill, which commands write and hooks read.

    With ``project`` those that hold in that folder alone.
    """
    within = f".{digest(project)}" if project else ""
    return f"{file_name(skill.replace(':', '__'))}{within}.json"


def plain(label: str, most: int) -> str:
    """Return what is left of a label without signs that could be markup or control a terminal."""
    kept = "".join(sign for sign in label if (sign.isascii() and sign.isalnum()) or sign in " _-.:,*/")
    return " ".join(kept.split())[:most]


def shown_name(name: str) -> str:
    """Return a name of a skill, a step or an agent that can be shown; a foreign one becomes its digest."""
    bare = name.replace("-", "").replace("_", "").replace(".", "").replace(":", "")
    is_plain = len(name) <= NAME_CHARS and name.isascii() and bare.isalnum()
    return name if is_plain or not name else f"x{digest(name)}"


def file_name(name: str) -> str:
    """Return a name that is a file's name and nothing else; a foreign one becomes its digest."""
    if 0 < len(name) <= NAME_CHARS and name.isascii() and name.replace("-", "").replace("_", "").isalnum():
        return name
    return f"x{digest(name)}"
