from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel.limits import SHELL_CHARS, SHELL_PARTS
from outrider.record.activities.shell import parse


def words(text: str) -> list[tuple[str, ...]]:
    return [part.words for part in parse(text) if part.words]


def connectors(text: str) -> list[str]:
    return [part.connector for part in parse(text)]


def test_a_compound_command_gives_its_parts_in_order() -> None:
    assert words("a 1 && b; c || d | e\nf & g") == [
        ("a", "1"),
        ("b",),
        ("c",),
        ("d",),
        ("e",),
        ("f",),
        ("g",),
    ]
    assert connectors("a 1 && b; c || d | e\nf & g") == ["", "&&", ";", "||", "|", "\n", "&"]


def test_quotes_are_resolved_and_hide_connectors() -> None:
    assert words("""echo 'a && b' "c; $HOME" d\\ e $'f\\'g'""") == [
        ("echo", "a && b", "c; $HOME", "d e", "f\\'g")
    ]


def test_the_body_of_a_here_document_is_no_command() -> None:
    text = "cat > a.py <<'EOF'\nrm -rf / && git push\nEOF\npython a.py"
    assert words(text) == [("cat",), ("python", "a.py")]
    assert parse(text)[0].writes == ("a.py",)


def test_an_indented_here_document_ends_at_its_indented_word() -> None:
    assert words("cat <<-END\n\tx\n\tEND\nls") == [("cat",), ("ls",)]


def test_a_here_document_inside_a_quoted_substitution_ends_where_it_says() -> None:
    text = 'git commit -m "$(cat <<\'EOF\'\nfix: it\'s (half) "done" && pushed\nEOF\n)" && git push'
    assert words(text) == [("cat",), ("git", "commit", "-m", "$()"), ("git", "push")]


def test_inner_commands_stand_before_the_one_that_uses_them_and_decide_nothing() -> None:
    inner, outer = parse("echo $(git rev-parse HEAD | cut -c1-7)")[0], parse("echo $(date)")[1]
    assert inner.words == ("git", "rev-parse", "HEAD")
    assert inner.inner
    assert inner.loose
    assert not outer.loose


def test_backticks_and_process_substitutions_are_looked_into() -> None:
    assert ("date",) in words("echo `date`")
    assert ("sort", "a") in words("diff <(sort a) <(sort b)")


def test_a_shell_that_is_given_a_text_is_looked_into_even_behind_wrappers() -> None:
    assert words("bash -c 'pytest && git push'") == [("pytest",), ("git", "push")]
    assert words("docker exec -it web sh -lc 'pytest -q'") == [("set", "-l"), ("pytest", "-q")]
    assert words("echo bash -c x") == [("echo", "bash", "-c", "x")]


def test_loops_conditions_and_cases_are_flattened_and_decide_nothing() -> None:
    text = "for f in $(ls); do go vet $f; done; if ! grep -q x y; then rm y; fi; case $a in b|c) ls;; *) pwd;; esac; id"
    loose = [part.words[0] for part in parse(text) if part.loose]
    assert loose == ["ls", "go", "grep", "rm", "ls", "pwd"]
    assert not parse(text)[-1].loose


def test_groups_hand_on_their_pipe() -> None:
    assert [part.piped for part in parse("(cd x && make) 2>&1 | tail")] == [True, True, False]


def test_redirects_tell_what_is_written_and_whether_the_output_is_hidden() -> None:
    part = parse("go test > out.txt 2> err.txt 2>&1 < in.txt")[0]
    assert part.words == ("go", "test")
    assert part.writes == ("out.txt", "err.txt")
    assert part.hidden
    assert not parse("make 2>/dev/null")[0].hidden
    assert parse("make &>> all.log")[0].writes == ("all.log",)


def test_assignments_are_no_words() -> None:
    part = parse("A=1 B=$(date) make all")[1]
    assert part.words == ("make", "all")
    assert part.assignments == (("A", "1"), ("B", "$()"))
    assert words("list=(a b c); echo ok") == [("echo", "ok")]


def test_comments_and_joined_lines_are_passed_over() -> None:
    assert words("# first\nls -l \\\n  src # not && this\npwd") == [("ls", "-l", "src"), ("pwd",)]


def test_what_is_sent_to_the_background_is_marked() -> None:
    assert [part.background for part in parse("a && b & c")] == [True, True, False]


def test_functions_arithmetic_and_tests_do_not_confuse_what_follows() -> None:
    assert words("f() { ls; }; echo $((1 + (2))); [[ -f a && b > c ]] && pytest")[-1] == ("pytest",)
    assert parse("f() { ls; }")[0].loose


_PIECES = st.sampled_from(
    [
        "$(",
        ")",
        "(",
        "`",
        "'",
        '"',
        "\\",
        "\n",
        "<<E",
        "<<-'E'",
        "\nE\n",
        "&&",
        "||",
        ";;",
        "|",
        "&",
        ">",
        "2>&1",
        "<",
        "{",
        "}",
        "if ",
        "then ",
        "fi",
        "for x in ",
        "do ",
        "done",
        "case x in ",
        "esac",
        "[[ ",
        "((",
        "${",
        "$((",
        "bash -c '",
        "#",
        " ",
        "a=",
        "a=(",
        "!",
        "find . -exec ",
        "ü",
        "\x00",
        "\r\n",
        "set -e",
        "pytest",
        "git push",
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join) | st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert len(parse(text)) <= SHELL_PARTS + 1


@pytest.mark.parametrize(
    "piece", ["$(", "(", "`", "<<a ", "case x in ", "f()", "{ ", "if ", "((", '"$(', "a|", ";;", "${"]
)
def test_a_long_hostile_text_is_read_to_its_bounds(piece: str) -> None:
    assert len(parse(piece * (SHELL_CHARS // len(piece) + 10))) <= SHELL_PARTS + 1
