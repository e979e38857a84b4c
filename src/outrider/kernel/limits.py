"""Every cap of the program, named, with its reason.

A cap stands here and nowhere else, so that what is cut, skipped or bounded can be read on one screen.
"""

from __future__ import annotations

LINE_BYTES = 64 * 1024 * 1024
"""Longest record that is decoded. Records carry images and whole files; one over 64 MiB is a fault of
its own, and decoding it could need several times its size in memory."""

READ_CHUNK_BYTES = 128 * 1024
"""Bytes taken from a file at once: larger ones cost page faults, smaller ones calls."""

JSON_FILE_BYTES = 8 * 1024 * 1024
"""Largest whole-file JSON source (task lists, agent descriptions, wrangler contexts)."""

PROMPT_CHARS = (1_500, 500)
"""Head and tail kept of a prompt."""

ANSWER_CHARS = (1_000, 1_000)
"""Head and tail kept of the model's text: announcements stand first, conclusions last."""

INPUT_CHARS = 4_000
"""A call's input is kept whole up to here; above it, its long strings are cut."""

INPUT_STRING_CHARS = (700, 300)
"""Head and tail kept of one long string inside a large call input."""

INPUT_ITEMS = 100
"""Entries kept of a list or an object inside a large call input."""

RESULT_CHARS = (400, 1_200)
"""Head and tail kept of a call's result; test runners print their verdict last."""

SKILL_BODY_CHARS = 400_000
"""Longest skill body that is kept as text; its hash always covers the whole."""

REDACTION_MARGIN_CHARS = 200
"""Text beyond a cut that redaction still sees: what a secret is assigned to stands before it."""

LONGEST_SECRET_CHARS = 8_192
"""How far beyond a cut the end of a word without spaces is looked for; tokens are words."""

LABEL_CHARS = 200
"""Longest name (model, tool, skill, agent type) taken over from a record."""

LATEST_INSTANT_MS = 253_402_300_799_999
"""The last instant that `datetime` can show (year 9999)."""

FAULTS_KEPT_PER_SOURCE = 200
"""Located faults kept for one file; further ones are only counted."""

INPUT_DEPTH = 12
"""Nesting kept of a large call input."""

PATH_CHARS = 1_000
"""Longest path taken over from a record."""

TOKENS = 10**12
"""A usage number at or above this is damage: no context window is a billionth of it."""

ENTRIES_PER_TRANSACTION = 20_000
"""Facts written at once: few commits, and some 30 MiB in memory."""

SESSIONS_PER_TRANSACTION = 50
"""Sessions derived in one transaction: other processes wait for the lock at most about a second."""

KINDS_PER_SOURCE = 200
"""Kinds of record counted apart for one file; clients have some eighty."""
