"""Short digests of texts.

The guard compares texts and keeps none of them: what is remembered of a call is a digest and a short name.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import blake2b
else:
    try:
        # The module that hashlib takes it from: importing hashlib itself costs a hook a third of its time.
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b


def digest(text: str) -> str:
    """Return 12 hexadecimal digits that stand for ``text``."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
