"""What the inserted text of a skill tells: its folder, name, plugin, version and the hash of its content.

The client inserts a skill as one line of text that begins with the skill's folder, whether a person
typed it or the model chose it; this is the one sign common to every way of loading a skill.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_BASE = "Base directory for this skill: "
_ARGUMENTS = re.compile(r"(?<!\n)\n++(?:ARGUMENTS|Arguments): [^\n]*\n?\Z")
_CACHED_PLUGIN = re.compile(
    r"/plugins/cache/(?P<market>[^/]+)/(?P<plugin>[^/]+)/(?P<version>[^/]+)/(?:.*/)?skills/"
)
_PLUGIN_FOLDER = re.compile(r"/(?P<plugin>[^/]+)/skills/[^/]+/?\Z")
_DIGEST_CHARS = 16


class SkillText(NamedTuple):
    """One inserted text: ``base`` is empty for a plain command; ``digest`` identifies ``body``."""

    base: str
    body: str
    digest: str


class SkillPlace(NamedTuple):
    """What a skill's folder says of it; parts that it does not say are empty."""

    name: str
    plugin: str
    version: str


def is_skill_text(text: str) -> bool:
    """Tell whether ``text`` is a skill as the client inserts it."""
    return text.startswith(_BASE)


def skill_text(text: str) -> SkillText:
    """Split an inserted text into folder and body.

    The arguments of the call, which the client appends, are no part of the body: the digest names the
    version of the skill, not the way it was called.
    """
    base, body = "", text
    if text.startswith(_BASE):
        first, _, body = text.partition("\n")
        base = first[len(_BASE) :].strip()
    body = _ARGUMENTS.sub("\n", body).strip()
    digest = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:_DIGEST_CHARS]
    return SkillText(base, body, digest)


def skill_place(base: str) -> SkillPlace:
    """Read a skill's name, plugin and plugin version from its folder.

    The folder of an installed plugin is ``…/plugins/cache/<marketplace>/<plugin>/<version>/skills/<name>``;
    any other ``…/<plugin>/skills/<name>`` gives name and plugin unless the parent is a `.claude` folder.
    """
    path = base.replace("\\", "/").rstrip("/")
    name = path.rpartition("/")[2]
    if cached := _CACHED_PLUGIN.search(path + "/"):
        return SkillPlace(name, cached["plugin"], cached["version"])
    if (folder := _PLUGIN_FOLDER.search(path)) and not folder["plugin"].startswith("."):
        return SkillPlace(name, folder["plugin"], "")
    return SkillPlace(name, "", "")
