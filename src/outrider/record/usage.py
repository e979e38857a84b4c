"""Tokens of one or many responses."""

from __future__ import annotations

from outrider.record.packed import Packed


class Usage(Packed, frozen=True, gc=False):
    """Tokens by kind. ``input`` is without cache, as Anthropic's API reports it."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    web_searches: int = 0

    @property
    def prompt_tokens(self) -> int:
        """Everything the model was given: fresh, read from the cache, and written to it."""
        return self.input + self.cache_read + self.cache_write_5m + self.cache_write_1h

    @property
    def total_tokens(self) -> int:
        """All tokens, given and made."""
        return self.prompt_tokens + self.output

    def plus(self, other: Usage) -> Usage:
        """Return the sum, field by field."""
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write_5m + other.cache_write_5m,
            self.cache_write_1h + other.cache_write_1h,
            self.web_searches + other.web_searches,
        )

    def maximum(self, other: Usage) -> Usage:
        """Return the larger value of each field."""
        if self == other:
            return self
        return Usage(
            max(self.input, other.input),
            max(self.output, other.output),
            max(self.cache_read, other.cache_read),
            max(self.cache_write_5m, other.cache_write_5m),
            max(self.cache_write_1h, other.cache_write_1h),
            max(self.web_searches, other.web_searches),
        )
