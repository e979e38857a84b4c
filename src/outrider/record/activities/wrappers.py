"""The words of wrappers and task runners that are their own, so that what they run is found.

Taken from their manuals. A wrapper that is not here is simply not looked through; a project names more
of them in its vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Wrapper(NamedTuple):
    """A command that runs another.

    ``words`` must follow its name; ``values`` are options that take the next word; ``skip`` is how many
    words of its own come first; ``folder`` are options that name the folder to run in; ``until`` is the
    word behind which the other command stands, where it must be there.
    """

    words: tuple[str, ...] = ()
    values: frozenset[str] = frozenset()
    skip: int = 0
    folder: frozenset[str] = frozenset()
    until: str = ""


class Runner(NamedTuple):
    """A command that runs named tasks.

    ``verbs`` come before a task, ``own`` are subcommands that are none; ``bare``: a task may follow the
    name at once; ``short`` are tasks with a subcommand of their own; ``several``: all words are tasks.
    """

    verbs: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    bare: bool = False
    short: Mapping[str, str] = {}
    several: bool = False
    values: frozenset[str] = frozenset()
    folder: frozenset[str] = frozenset()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _wrapper(words: str = "", values: str = "", skip: int = 0, folder: str = "", until: str = "") -> Wrapper:
    return Wrapper(tuple(words.split()), _set(f"{values} {folder}"), skip, _set(folder), until)


_PLAIN = _wrapper()
_CONTAINER = "-u -w -e -v -p --user --workdir --env --volume --name --network --env-file --mount --platform"
_PYTHON = (_wrapper("-m"), *(_wrapper(f"{option} -m") for option in ("-I", "-B", "-u", "-bb", "-Wd")))

WRAPPERS: Mapping[str, tuple[Wrapper, ...]] = {
    **dict.fromkeys(
        ("nohup", "time", "command", "builtin", "exec", "caffeinate", "setsid", "chronic"), (_PLAIN,)
    ),
    **dict.fromkeys(("noglob", "unbuffer", "winpty", "cross-env", "dotenv", "corepack", "arch"), (_PLAIN,)),
    "env": (_wrapper(values="-u", folder="-C --chdir"),),
    "sudo": (_wrapper(values="-u -g -h -p -T -U -R", folder="-D"),),
    "doas": (_wrapper(values="-u -C"),),
    "timeout": (_wrapper(values="-k -s --signal --kill-after", skip=1),),
    "gtimeout": (_wrapper(values="-k -s --signal --kill-after", skip=1),),
    "nice": (_wrapper(values="-n"),),
    "ionice": (_wrapper(values="-c -n -p"),),
    "stdbuf": (_wrapper(values="-i -o -e"),),
    "xargs": (_wrapper(values="-n -P -I -d -L -s -a -E"),),
    "npx": (_wrapper(values="-p --package -c"),),
    "pnpx": (_PLAIN,),
    "bunx": (_PLAIN,),
    "uvx": (_wrapper(values="--from --with --python -p"),),
    "npm": (_wrapper("exec", values="-p --package -w"), _wrapper("x", values="-p --package -w")),
    "pnpm": (_wrapper("exec"), _wrapper("dlx")),
    "yarn": (_wrapper("exec"), _wrapper("dlx")),
    "bun": (_wrapper("x"),),
    "poetry": (_wrapper("run"),),
    "pipenv": (_wrapper("run"),),
    "pdm": (_wrapper("run"),),
    "rye": (_wrapper("run"),),
    "pixi": (_wrapper("run", values="-e --environment"),),
    "hatch": (_wrapper("run"), _wrapper("env run")),
    "uv": (
        _wrapper(
            "run", values="--with --group --extra --python -p --package --env-file", folder="--directory"
        ),
        _wrapper("tool run", values="--from --with --python -p"),
    ),
    "conda": (_wrapper("run", values="-n -p --name --prefix"),),
    "mise": (_wrapper("exec", until="--"), _wrapper("x", until="--")),
    "asdf": (_wrapper("exec"),),
    "rbenv": (_wrapper("exec"),),
    "bundle": (_wrapper("exec"),),
    "direnv": (_wrapper("exec", skip=1),),
    "op": (_wrapper("run", until="--"),),
    "doppler": (_wrapper("run", until="--"),),
    "docker": (
        _wrapper("exec", values=_CONTAINER, skip=1),
        _wrapper("run", values=_CONTAINER, skip=1),
        _wrapper("compose exec", values=_CONTAINER, skip=1),
        _wrapper("compose run", values=_CONTAINER, skip=1),
    ),
    "podman": (_wrapper("exec", values=_CONTAINER, skip=1), _wrapper("run", values=_CONTAINER, skip=1)),
    "docker-compose": (
        _wrapper("exec", values=_CONTAINER, skip=1),
        _wrapper("run", values=_CONTAINER, skip=1),
    ),
    "kubectl": (_wrapper("exec", until="--"),),
    "nix": (_wrapper("develop", until="-c"), _wrapper("develop", until="--command")),
    "coverage": (_wrapper("run -m"),),
    **dict.fromkeys(("python", "python3", "py", "python3.11", "python3.12", "python3.13"), _PYTHON),
}
"""By name."""

_PACKAGE = (
    "install i add ci remove rm uninstall un update up upgrade outdated audit publish pack link unlink init "
    "create view info list ls why config cache login logout version exec dlx x pm patch prune dedupe store "
    "import set get help whoami owner search node workspaces workspace plugin constraints upgrade-interactive"
)
_MISE = (
    "exec x install i use ls list current trust settings self-update plugins env which where doctor tasks "
    "task cache activate reshim registry upgrade up version set unset sync outdated prune uninstall watch "
    "generate config completion bin-paths latest lock link ls-remote alias direnv fmt help"
)
_TESTED = {"test": "test", "t": "test", "tst": "test"}

RUNNERS: Mapping[str, Runner] = {
    "npm": Runner(
        _set("run run-script rum urn"),
        _set(_PACKAGE),
        short=_TESTED,
        values=_set("-w --workspace --prefix"),
        folder=_set("--prefix"),
    ),
    "yarn": Runner(_set("run"), _set(_PACKAGE), bare=True, values=_set("--cwd"), folder=_set("--cwd")),
    "pnpm": Runner(
        _set("run"),
        _set(_PACKAGE),
        bare=True,
        short=_TESTED,
        values=_set("-C --dir --filter -F"),
        folder=_set("-C --dir"),
    ),
    "bun": Runner(_set("run"), _set(_PACKAGE), values=_set("--cwd --filter -F"), folder=_set("--cwd")),
    "deno": Runner(_set("task"), values=_set("--cwd"), folder=_set("--cwd")),
    "mise": Runner(
        _set("run r"),
        _set(_MISE),
        bare=True,
        several=True,
        values=_set("-C --cd -j -E"),
        folder=_set("-C --cd"),
    ),
    "make": Runner(bare=True, several=True, values=_set("-C -f -I -o -W -l"), folder=_set("-C --directory")),
    "gmake": Runner(bare=True, several=True, values=_set("-C -f"), folder=_set("-C")),
    "just": Runner(
        own=_set("help"),
        bare=True,
        several=True,
        values=_set("-f -d --set"),
        folder=_set("-d --working-directory"),
    ),
    "task": Runner(bare=True, several=True, values=_set("-d -t --dir --taskfile"), folder=_set("-d --dir")),
    "rake": Runner(bare=True, several=True, values=_set("-f")),
    "composer": Runner(
        _set("run run-script"), _set("install update require remove dump-autoload show"), bare=True
    ),
    "turbo": Runner(_set("run"), bare=True, several=True, values=_set("--filter")),
    "nx": Runner(_set("run run-many affected"), bare=True, values=_set("-t --target -p")),
    "poe": Runner(bare=True),
    "invoke": Runner(bare=True, several=True),
    "inv": Runner(bare=True, several=True),
    "moon": Runner(_set("run"), bare=False),
    "lerna": Runner(_set("run")),
}
"""By name."""
