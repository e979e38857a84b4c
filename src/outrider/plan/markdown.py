"""The Markdown parser: blocks alone, for what stands inside lines is looked at as text."""

from __future__ import annotations

from typing import Final

from markdown_it import MarkdownIt


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.core.ruler.disable("inline")
    return parser


BLOCKS: Final = _parser()
"""Parses a text to its block tokens, with the lines on which each stands."""
