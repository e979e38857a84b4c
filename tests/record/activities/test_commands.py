from __future__ import annotations

import pytest

from outrider.record.activities.commands import Command, commands_in
from outrider.record.activities.shell import parse


def runs(text: str) -> Command:
    return commands_in(parse(text))[-1]


@pytest.mark.parametrize(
    "text",
    [
        "pytest -q",
        "CI=1 pytest -q",
        "env -u HOME CI=1 pytest -q",
        "sudo -u app pytest -q",
        "timeout -k 5 60 pytest -q",
        "time nice -n 5 nohup pytest -q",
        "python -m pytest -q",
        ".venv/bin/python3 -m pytest -q",
        "/usr/local/bin/pytest -q",
        "poetry run pytest -q",
        "uv run --with hypothesis -- pytest -q",
        "pipenv run pytest -q",
        "hatch run pytest -q",
        "pnpm exec pytest -q",
        "npx -y pytest@latest -q",
        "docker compose exec -T -w /app web pytest -q",
        "docker run --rm -v a:b image pytest -q",
        "mise exec python@3.12 -- pytest -q",
        "mise x -- pytest -q",
        "xargs -n 1 -P 4 pytest -q",
        "coverage run -m pytest -q",
    ],
)
def test_wrappers_are_taken_off(text: str) -> None:
    assert (runs(text).name, runs(text).args) == ("pytest", ("-q",))


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("npm run test:unit -- --watch", ("test:unit",)),
        ("npm t", ("test",)),
        ("npm ci", ()),
        ("yarn --cwd web lint", ("lint",)),
        ("pnpm -C web run build", ("build",)),
        ("bun run lint:fix", ("lint:fix",)),
        ("bun test src", ()),
        ("mise run lint ::: test", ("lint", "test")),
        ("mise test src/a.ts", ("test",)),
        ("mise install", ()),
        ("make -C api VERBOSE=1 lint test", ("lint", "test")),
        ("just fmt", ("fmt",)),
    ],
)
def test_task_runners_say_their_tasks(text: str, tasks: tuple[str, ...]) -> None:
    assert runs(text).tasks == tasks


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("cd web && pytest", "web"),
        ("cd web && cd ui && pytest", "web/ui"),
        ("cd /srv/shop; pytest", "/srv/shop"),
        ("(cd web && ls); pytest", ""),
        ("D=web; cd $D && pytest", "web"),
        ("git -C web status", "web"),
        ("cd web && git -C ../api -c a.b=c status", "api"),
        ("make -C web test", "web"),
        ("npm --prefix web test", "web"),
    ],
)
def test_the_folder_is_known_where_the_text_says_it(text: str, folder: str) -> None:
    assert runs(text).within == folder


def test_gits_own_options_stand_before_no_verb() -> None:
    assert runs("git --no-pager -c user.name=a -C x commit -m y").args == ("commit", "-m", "y")


def test_what_find_runs_is_a_command_on_the_files_it_looks_for() -> None:
    assert runs("find . -name '*.go' -exec sed -i s/a/b/ {} +").args == ("-i", "s/a/b/", "*.go")


def test_a_wrapper_of_the_project_is_taken_off() -> None:
    assert commands_in(parse("shopx git status"), frozenset(["shopx"]))[0].name == "git"
    assert commands_in(parse("shopx --version"), frozenset(["shopx"]))[0].name == "shopx"


@pytest.mark.parametrize(
    "text", ["", "timeout", "env", "git -C", "npx", "make -C", "sudo -u", "find -exec", "cd", "mise exec"]
)
def test_a_wrapper_without_a_command_is_no_trouble(text: str) -> None:
    assert len(commands_in(parse(text))) <= 2
