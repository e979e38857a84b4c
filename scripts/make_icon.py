"""Write .claude-plugin/icon.png: a track with its steps, and the rider. `--check` says whether it is true.

Geometric shapes, drawn with the standard library alone; each pixel is the mean of a grid of points in it.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable
from math import hypot
from pathlib import Path

ICON = Path(__file__).parent.parent / ".claude-plugin" / "icon.png"
SIDE = 512
"""Pixels; the plugin directory takes 512 to 2048."""
POINTS = 3
"""Points for each pixel, across and down."""

Color = tuple[int, int, int]
Shape = tuple[Color, Callable[[float, float], float]]
"""A colour and the distance to the shape's edge: below 0 inside. Coordinates go from 0 to 1."""

NIGHT, SLATE, SAND, AMBER = (22, 30, 46), (70, 88, 118), (222, 214, 196), (240, 160, 60)


def disc(x: float, y: float, radius: float) -> Callable[[float, float], float]:
    return lambda px, py: hypot(px - x, py - y) - radius


def stroke(x1: float, y1: float, x2: float, y2: float, half: float) -> Callable[[float, float], float]:
    """A line with round ends, ``half`` as wide to either side."""
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy

    def away(px: float, py: float) -> float:
        along = min(1.0, max(0.0, ((px - x1) * dx + (py - y1) * dy) / length))
        return hypot(px - x1 - along * dx, py - y1 - along * dy) - half

    return away


def plate(inset: float, corner: float) -> Callable[[float, float], float]:
    """A square with round corners around the middle."""
    reach = 0.5 - inset - corner

    def away(px: float, py: float) -> float:
        dx, dy = max(0.0, abs(px - 0.5) - reach), max(0.0, abs(py - 0.5) - reach)
        return hypot(dx, dy) - corner

    return away


SHAPES: tuple[Shape, ...] = (
    (NIGHT, plate(0.02, 0.18)),
    # The track and its steps.
    (SLATE, stroke(0.17, 0.72, 0.60, 0.72, 0.025)),
    (SLATE, stroke(0.60, 0.72, 0.83, 0.49, 0.025)),
    (SAND, disc(0.17, 0.72, 0.062)),
    (SAND, disc(0.385, 0.72, 0.062)),
    (SAND, disc(0.60, 0.72, 0.062)),
    (SLATE, disc(0.83, 0.49, 0.062)),
    (NIGHT, disc(0.83, 0.49, 0.036)),
    # The rider, beside the track, looking ahead.
    (AMBER, disc(0.60, 0.265, 0.075)),
    (AMBER, stroke(0.53, 0.40, 0.40, 0.53, 0.048)),
    (AMBER, stroke(0.53, 0.40, 0.68, 0.45, 0.032)),
    (AMBER, stroke(0.40, 0.53, 0.54, 0.58, 0.032)),
    (AMBER, stroke(0.27, 0.36, 0.40, 0.36, 0.016)),
    (AMBER, stroke(0.20, 0.45, 0.34, 0.45, 0.016)),
    (AMBER, stroke(0.24, 0.54, 0.29, 0.54, 0.016)),
)


def drawn() -> bytes:
    """Return the rows of the picture, red, green, blue and opacity, each led by its filter: none."""
    rows = bytearray()
    for row in range(SIDE):
        rows.append(0)
        for column in range(SIDE):
            rows += bytes(pixel(column, row))
    return bytes(rows)


def pixel(column: int, row: int) -> tuple[int, ...]:
    x, y = (column + 0.5) / SIDE, (row + 0.5) / SIDE
    far = 1 / SIDE
    near = [(color, away) for color, away in SHAPES if away(x, y) < far]
    if all(away(x, y) < -far for _, away in near):
        return (*near[-1][0], 255) if near else (0, 0, 0, 0)
    seen = []
    for down in range(POINTS):
        for across in range(POINTS):
            px, py = (column + (across + 0.5) / POINTS) / SIDE, (row + (down + 0.5) / POINTS) / SIDE
            seen += [[color for color, away in near if away(px, py) < 0][-1:]]
    colors = [color for found in seen for color in found]
    if not colors:
        return (0, 0, 0, 0)
    mixed = tuple(round(sum(parts) / len(colors)) for parts in zip(*colors, strict=True))
    return (*mixed, round(255 * len(colors) / len(seen)))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 6, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def rows_of(picture: bytes) -> bytes:
    """Return what a picture of ours shows; how it was packed depends on the machine's zlib."""
    place, rows = 8, b""
    while place < len(picture):
        (size,) = struct.unpack(">I", picture[place : place + 4])
        if picture[place + 4 : place + 8] == b"IDAT":
            rows += picture[place + 8 : place + 8 + size]
        place += size + 12
    return zlib.decompress(rows)


def main() -> None:
    rows = drawn()
    if "--check" in sys.argv:
        same = ICON.is_file() and rows_of(ICON.read_bytes()) == rows
        sys.exit(None if same else f"{ICON.name} is not what the script draws")
    ICON.write_bytes(png(rows))


if __name__ == "__main__":
    main()
