"""Files that could not be read (OR9xx): one finding for each, so that nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from outrider.judge.lint.case import Case, found
from outrider.judge.lint.finding import Finding
from outrider.kernel import limits

_SAID = {
    "binary": ("OR901", "holds bytes that are no text: not checked"),
    "not-utf-8": ("OR901", "is not UTF-8: not checked; save it as UTF-8"),
    "too-large": ("OR902", f"is larger than {limits.LINT_FILE_BYTES:,} bytes: not checked"),
    "link-out": (
        "OR903",
        "is a link that leaves the tree: an installed plugin does not have what it leads to",
    ),
    "link-broken": ("OR904", "is a link that leads nowhere"),
    "unreadable": ("OR906", "could not be opened: not checked"),
}


def check(case: Case) -> Iterator[Finding]:
    """Yield a finding for each file that was not read although it should be."""
    for path, file in case.collection.tree.files.items():
        if file.reading in _SAID:
            code, why = _SAID[file.reading]
            yield found(code, path, 1, f"`{path}` {why}", about=path)
    if case.collection.tree.cut:
        yield found(
            "OR905", "", 1, f"more than {limits.LINT_FILES:,} files: the rest was not looked at", about="."
        )
