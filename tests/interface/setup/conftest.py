"""What needs a package index is skipped where none answers, and the summary says so."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("skipped", []):
        if "no package index answers" in str(report.longrepr):
            terminalreporter.write_line(
                "The plugin's environment was not made for real: no package index answers"
            )
