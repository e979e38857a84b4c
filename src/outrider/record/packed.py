"""The base of values that are made by the hundred thousand and kept in the store."""

from __future__ import annotations

import msgspec


class Packed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A frozen value that is stored as an array of its fields, without their names.

    Not followed by the garbage collector, which is sound because such values never form cycles.
    """
