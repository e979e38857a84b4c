"""Every rule: its stable code, its name, and how sure it is. ``docs/rules`` has a page for each.

Three tiers: `error` is a fact, `warning` and `info` are advice, `off` must be selected.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Tier = Literal["error", "warning", "info", "off"]


class Rule(NamedTuple):
    """A rule. ``title`` says what it finds."""

    code: str
    slug: str
    tier: Tier
    title: str

    @property
    def severity(self) -> Literal["error", "warning", "info"]:
        """How its findings are shown; one that must be selected is advice."""
        return "info" if self.tier == "off" else self.tier


_ALL = (
    Rule(
        "OR101", "qualified-name", "error", "`plugin:name` or `/plugin:name` names no component of the plugin"
    ),
    Rule("OR102", "command-name", "warning", "`/name` was a command or skill, or nearly is one"),
    Rule("OR103", "skill-phrase", "warning", "a text tells to use a skill that does not exist"),
    Rule("OR104", "listed-name", "warning", "an entry of a list of components names none"),
    Rule("OR105", "former-name", "warning", "a marked name was renamed, removed, or is misspelt"),
    Rule("OR106", "agent-type", "warning", "an agent type that nobody defines"),
    Rule("OR107", "tool-name", "error", "an MCP tool that the plugin's server does not offer"),
    Rule("OR111", "link", "error", "a link leads to no file"),
    Rule("OR112", "anchor", "error", "a link's anchor is no heading of its page"),
    Rule("OR113", "path", "warning", "a path into the plugin leads to nothing"),
    Rule("OR114", "shell-path", "warning", "a shell line uses a file of the plugin that does not exist"),
    Rule("OR115", "root-path", "error", "a path behind the plugin's or skill's root leads to nothing"),
    Rule("OR116", "include", "error", "`@path` loads a file that does not exist"),
    Rule("OR117", "former-file", "warning", "a file name that stood in the plugin once"),
    Rule("OR118", "drawn-tree", "warning", "a drawn folder tree shows something that does not exist"),
    Rule("OR119", "section", "warning", "a pointer to a step or phase that does not exist"),
    Rule("OR120", "orphan", "info", "a file of a skill that nothing names"),
    Rule("OR121", "variable-not-replaced", "warning", "a variable stands where the host does not replace it"),
    Rule("OR201", "name-folder", "error", "a skill's name is not its folder's"),
    Rule("OR202", "front-matter-missing", "error", "a skill without front matter"),
    Rule("OR203", "front-matter-yaml", "error", "front matter is no YAML"),
    Rule("OR204", "unknown-field", "warning", "a front matter field that the profile does not know"),
    Rule("OR205", "description-missing", "warning", "a skill, agent or command without a description"),
    Rule("OR206", "description-long", "warning", "a description is cut in the listing"),
    Rule("OR207", "name-format", "warning", "a name that is not lower case with hyphens"),
    Rule("OR208", "same-name", "warning", "two components of one kind have the same name"),
    Rule("OR209", "command-and-skill", "off", "a command and a skill have the same name"),
    Rule("OR210", "listing-budget", "info", "all descriptions together exceed what the host lists"),
    Rule("OR301", "count", "warning", "a number of skills, commands, agents or tools that is not the tree's"),
    Rule("OR302", "version", "warning", "two places give different versions"),
    Rule("OR304", "announced-number", "warning", "a text announces another number of things than it lists"),
    Rule("OR305", "two-places", "warning", "one file of a project is given two places"),
    Rule("OR306", "threshold", "warning", "one skill gives two values for one threshold"),
    Rule("OR307", "list-omits", "warning", "a list of all components leaves some out"),
    Rule("OR401", "step-number", "warning", "numbered headings have a gap or a double"),
    Rule("OR402", "list-number", "warning", "a numbered list has a gap or a double"),
    Rule("OR403", "checklist", "warning", "a checklist and the headings name different steps"),
    Rule("OR404", "required-cycle", "warning", "skills require each other in a circle"),
    Rule("OR405", "forbidden-tool", "error", "a skill tells to use a tool that it disallows"),
    Rule("OR406", "loop-without-bound", "off", "a loop without a bound"),
    Rule("OR407", "gate-without-criterion", "off", "a gate without a criterion"),
    Rule("OR501", "fence-unclosed", "error", "a code block is never closed"),
    Rule("OR502", "fence-nested", "warning", "a code block ends where another begins inside it"),
    Rule("OR503", "starts-inside", "warning", "a page begins in the middle of a list or code block"),
    Rule("OR504", "doubled-name", "warning", "a name with a doubled part"),
    Rule("OR505", "name-as-word", "warning", "a skill's name stands where the sentence needs a word"),
    Rule("OR506", "table", "warning", "a table row has more cells than its head"),
    Rule("OR507", "command-in-fence", "warning", "a dynamic command inside a code block is run by the host"),
    Rule("OR508", "pointer-in-fence", "warning", "a pointer to a reference file stands inside a code block"),
    Rule("OR601", "tail-lost", "info", "the end of a skill is lost after compaction"),
    Rule("OR602", "reference-chain", "info", "a reference file is reached only through another"),
    Rule("OR603", "same-file", "warning", "two files are the same"),
    Rule("OR701", "json", "error", "a JSON file of the plugin is no JSON"),
    Rule("OR702", "manifest-path", "error", "a manifest names a path that does not exist"),
    Rule("OR703", "hooks-shape", "error", "a hooks file has another shape than the host reads"),
    Rule("OR704", "hook-event", "error", "a hook event that no client knows"),
    Rule("OR705", "hook-type", "error", "a hook of a type that no client knows"),
    Rule("OR706", "hook-file", "error", "a hook or script of the plugin runs a file that does not exist"),
    Rule("OR707", "root-unquoted", "warning", "a hook command does not quote the plugin's root"),
    Rule("OR708", "hook-output", "error", "a hook's answer lacks the name of its event"),
    Rule("OR709", "second-manifest", "warning", "a second manifest of the same plugin"),
    Rule("OR901", "not-text", "warning", "a file that should be text is none"),
    Rule("OR902", "too-large", "warning", "a file is too large to be read"),
    Rule("OR903", "link-out", "warning", "a symbolic link leaves the tree"),
    Rule("OR904", "link-broken", "warning", "a symbolic link leads nowhere"),
    Rule("OR905", "too-many-files", "warning", "the tree has more files than are looked at"),
    Rule("OR906", "unreadable", "warning", "a file could not be opened"),
    Rule("OR907", "suppression", "warning", "a suppression that names no rule or gives no reason"),
)

RULES = {rule.code: rule for rule in _ALL}
"""Every rule by its code, in order."""
