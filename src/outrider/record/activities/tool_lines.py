"""The closing lines of linters and builders; most say nothing when all is well, then their exit status tells.

The lines are read like those of test runners (``runner_lines``); what fails is a problem found.
"""

from __future__ import annotations

from outrider.record.activities.runner_lines import Line, Runner

_RUFF = (
    Line("All checks passed!", r"All checks passed!$", "pass", starts=True),
    Line("Found ", r"Found \d+ errors? \(\d+ fixed, (?P<f>\d+) remaining\)\.$", starts=True),
    Line("Found ", r"Found (?P<f>\d+) errors?\.$", starts=True),
    Line("Would fix ", r"Would fix (?P<f>\d+) errors?", starts=True),
    Line("would be reformatted", r"(?P<f>\d+) files? would be reformatted", starts=True),
    Line("already formatted", r"\d+ files? already formatted$", "pass", starts=True),
    Line("reformatted", r"\d+ files? reformatted\b", "pass", starts=True),
    Line("left unchanged", r"\d+ files? left unchanged", "pass", starts=True),
)

_BLACK = (
    Line("All done!", r"All done!", "pass", starts=True),
    Line("Oh no!", r"Oh no!", "fail", starts=True),
)

_ESLINT = (
    Line("problem", r"[✖x×] \d+ problems? \((?P<f>\d+) errors?, \d+ warnings?\)", starts=True),
    Line("too many warnings", r"ESLint found too many warnings", "fail"),
)

_TSC = (
    Line("error TS", r"(?:\S.{0,400}(?:\(\d+,\d+\)|:\d+:\d+)(?::| -) )?error TS\d+: ", "fail"),
    Line("Found ", r"(?:.{0,40}- )?Found (?P<f>\d+) errors?(?: in |\. Watching|\.$)", starts=True),
)

_MYPY = (
    Line("Success: no issues found", r"Success: no issues found in \d+ source files?$", "pass", starts=True),
    Line("Found ", r"Found (?P<f>\d+) errors? in \d+ files? \(", starts=True),
)

_PYRIGHT = (
    Line(" error", r"(?P<f>\d+) errors?, \d+ warnings?(?:, \d+ (?:informations?|notes?))?", starts=True),
)

_BIOME = (
    Line("Checked ", r"Checked \d+ files? in [\d.]+ ?(?:µs|ms|s)\.", "good", starts=True),
    Line("Formatted ", r"Formatted \d+ files? in [\d.]+ ?(?:µs|ms|s)\.", "good", starts=True),
    Line("Found ", r"Found (?P<f>\d+) errors?\.$"),
    Line("emitted while running", r" *[×x] Some errors were emitted while ", "fail"),
)

_PRETTIER = (
    Line("Checking formatting", r"Checking formatting\.\.\.$", "part", starts=True),
    Line("All matched files use", r"All matched files use Prettier code style!", "pass"),
    Line("Code style issues", r"Code style issues (?:found )?in ", "fail"),
    Line("rror occurred when checking", r"Errors? occurred when checking code style in ", "fail"),
)

_GOLANGCI = (Line(" issues", r"(?P<f>\d+) issues[.:]$", starts=True),)

_CARGO = (
    Line("Finished ", r" *Finished .{1,80} target\(s\) in [\d.]+", "good", starts=True),
    Line("could not compile", r"error: could not compile `", "fail"),
)

_VITE = (
    Line("built in ", r" *✓ built in [\d.]+ ?m?s", "pass", starts=True),
    Line("error during build", r"error during build:$", "fail", starts=True),
    Line("Build failed in ", r"[✗x] Build failed in [\d.]+ ?m?s", "fail", starts=True),
)

_WEBPACK = (
    Line(
        "compiled successfully",
        r"(?:.{0,60} )?(?:\([\w. ]+\) )?compiled successfully in \d+ m?s",
        "pass",
        starts=True,
    ),
    Line("compiled with ", r"(?:.{0,60} )?compiled with (?P<f>\d+) errors?\b", starts=True),
    Line("compiled with ", r"(?:.{0,60} )?compiled with \d+ warnings? in", "pass", starts=True),
)

_ESBUILD = (
    Line("Done in ", r" *⚡ Done in [\d.]+m?s", "pass", starts=True),
    Line(" error", r"(?:\d+ warnings? and )?(?P<f>\d+) errors?$", starts=True),
)

_NEXT = (
    Line("Compiled successfully", r" *✓ Compiled successfully", "good", starts=True),
    Line("Failed to compile", r" *Failed to compile\.", "fail"),
    Line("Generating static pages", r" *✓ Generating static pages ", "good"),
    Line("Export encountered ", r" *>? ?Export encountered (?:an error|errors) on", "fail"),
    Line("Build failed because", r" *> Build failed because of ", "fail"),
    Line("build worker exited", r" *(?:⨯ )?Next\.js build worker exited with code: [1-9]", "fail"),
)

_MAVEN_BUILD = (
    Line("BUILD SUCCESS", r"BUILD SUCCESS$", "pass", starts=True),
    Line("BUILD FAILURE", r"BUILD FAILURE$", "fail", starts=True),
)

_GRADLE_BUILD = (
    Line("BUILD SUCCESSFUL", r"BUILD SUCCESSFUL in \d", "pass", starts=True),
    Line("BUILD FAILED", r"BUILD FAILED in \d", "fail", starts=True),
)

_DOTNET_BUILD = (
    Line("Build succeeded", r" *Build succeeded(?:\.$| in | with \d+ warning)", "pass", starts=True),
    Line("Build FAILED", r" *Build FAILED\.$", "fail", starts=True),
    Line("Build failed with", r" *Build failed with (?P<f>\d+) error", starts=True),
)

_MAKE = (
    Line("***", r"g?make(?:\[\d+\])?: \*\*\* ", "fail"),
    Line("build stopped", r"ninja: build stopped: ", "fail"),
)

LINTERS: dict[str, Runner] = {
    "ruff": Runner(_RUFF),
    "black": Runner(_BLACK),
    "eslint": Runner(_ESLINT),
    "tsc": Runner(_TSC),
    "mypy": Runner(_MYPY),
    "pyright": Runner(_PYRIGHT),
    "biome": Runner(_BIOME),
    "prettier": Runner(_PRETTIER),
    "golangci-lint": Runner(_GOLANGCI),
    "clippy": Runner(_CARGO),
}
"""By name."""

BUILDERS: dict[str, Runner] = {
    "cargo build": Runner(_CARGO),
    "vite": Runner(_VITE),
    "webpack": Runner(_WEBPACK),
    "esbuild": Runner(_ESBUILD),
    "next build": Runner(_NEXT),
    "maven build": Runner(_MAVEN_BUILD),
    "gradle build": Runner(_GRADLE_BUILD),
    "dotnet build": Runner(_DOTNET_BUILD),
    "make": Runner(_MAKE),
}
"""By name. `go build` and `go vet` have no closing line."""
