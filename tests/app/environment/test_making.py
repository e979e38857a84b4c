"""The environment is whole or not there, made by one, in bounded time, and a failure says why."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from outrider.app.environment.lock import held
from outrider.app.environment.looking import look
from outrider.app.environment.making import EnvironmentUnusableError
from outrider.app.environment.places import LOCK_FILE, SENTINEL, Place
from outrider.kernel.limits import SETUP_LOG_BYTES, SETUP_RETRY_SECONDS
from tests.app.environment.plugins import LOCK, begun, environments, made, plugin, pretender, reason


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return plugin(tmp_path)


def test_a_made_environment_is_seen_and_not_made_again(place: Place, tmp_path: Path) -> None:
    maker = pretender(tmp_path)
    python = made(place, maker)
    assert look(place).python == python == made(place, maker)
    assert begun(tmp_path) == 1
    assert (python.parent.parent / SENTINEL).read_text() == LOCK


def test_another_lock_file_gets_an_environment_beside_the_old_one(place: Place, tmp_path: Path) -> None:
    maker, pythons = pretender(tmp_path), []
    for version in range(4):
        (place.root / LOCK_FILE).write_text(LOCK + f"three=={version}\n")
        pythons.append(made(place, maker))
        os.utime(pythons[-1].parent.parent / SENTINEL, (version, version))
    assert [python.exists() for python in pythons] == [False, False, True, True]
    assert look(place).python == pythons[-1]


def test_two_at_once_make_it_once(place: Place, tmp_path: Path) -> None:
    maker = pretender(tmp_path, "sleep 0.5")
    both = [threading.Thread(target=made, args=(place, maker)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert begun(tmp_path) == 1
    assert look(place).python is not None


def test_who_may_not_wait_goes_away_while_another_makes_it(place: Place, tmp_path: Path) -> None:
    place.folder.mkdir(parents=True)
    with held(place.lock, 0) as is_ours:
        assert is_ours
        assert look(place).in_the_making
        with pytest.raises(EnvironmentUnusableError, match="another process") as refused:
            made(place, pretender(tmp_path, wait=0.1))
    assert refused.value.slug == "environment-busy"
    assert begun(tmp_path) == 0


def test_what_a_killed_maker_left_is_removed_and_made_anew(place: Place, tmp_path: Path) -> None:
    maker = pretender(tmp_path, "true")
    code = (
        "import sys\nfrom tests.app.environment.plugins import *\nfrom pathlib import Path\n"
        "made(plugin(Path(sys.argv[1])), pretender(Path(sys.argv[1]), 'sleep 5'))"
    )
    where = [str(Path(__file__).parents[3]), str(Path(__file__).parents[3] / "src")]
    surroundings = {**maker.environment, "PYTHONPATH": os.pathsep.join(where)}
    killed = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=surroundings)
    until = time.monotonic() + 20
    while not list(place.folder.glob("*/bin/python")) and time.monotonic() < until:
        time.sleep(0.05)
    assert look(place).in_the_making
    killed.kill()
    killed.wait()
    seen = look(place)
    assert (seen.python, seen.in_the_making, len(seen.halves)) == (None, False, 1)
    python = made(place, pretender(tmp_path))
    assert environments(place) == [python.parent.parent.name]


def test_at_the_time_limit_everything_it_started_is_killed(place: Place, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnusableError, match="time limit"):
        made(place, pretender(tmp_path, "sleep 61.5 & echo $! >$HOME/child; sleep 61.5", seconds=1))
    assert not _is_running(int((tmp_path / "child").read_text()))
    assert environments(place) == []
    assert "time limit" in reason(place)


def test_without_network_the_reason_says_so_and_nothing_is_left(place: Place, tmp_path: Path) -> None:
    said = "echo \"WARNING: Retrying after connection broken by 'x'\"; echo 'ERROR: No matching one'; exit 1"
    with pytest.raises(EnvironmentUnusableError) as refused:
        made(place, pretender(tmp_path, said))
    assert refused.value.slug == "environment-failed"
    assert reason(place) == "the package index cannot be reached: ERROR: No matching one"
    assert environments(place) == []


def test_where_uv_fails_pip_is_tried_with_its_own_configuration(place: Place, tmp_path: Path) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\necho 'error: no mirror'\nexit 1\n")
    (tmp_path / "uv").chmod(0o755)
    maker = pretender(tmp_path)
    surroundings = {**maker.environment, "PATH": f"{tmp_path}:{maker.environment['PATH']}"}
    assert made(place, replace(maker, environment=surroundings)).exists()
    assert "no mirror" in place.log.read_text()


def test_a_failure_holds_back_only_unasked_attempts_of_the_next_minutes(place: Place, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnusableError):
        made(place, pretender(tmp_path, "exit 1"))
    seen, now = look(place), time.time()
    assert not seen.may_try(now)
    assert seen.may_try(now + SETUP_RETRY_SECONDS + 1)
    (place.root / LOCK_FILE).write_text(LOCK + "three==3\n")
    assert look(place).may_try(now)
    made(place, pretender(tmp_path))
    assert not place.failed.exists()


def test_passwords_in_addresses_reach_neither_log_nor_reason(place: Place, tmp_path: Path) -> None:
    said = (
        "echo 'Looking in indexes: https://me:p@ss@host/simple'; echo 'ERROR: https://me:p@ss@host'; exit 1"
    )
    with pytest.raises(EnvironmentUnusableError) as refused:
        made(place, pretender(tmp_path, said))
    for text in (place.log.read_text(), place.failed.read_text(), refused.value.message):
        assert "ss@" not in text
        assert "//***@host" in text


def test_the_log_is_bounded_and_keeps_the_end(place: Place, tmp_path: Path) -> None:
    said = 'awk \'BEGIN { for (i = 0; i < 400000; i++) print "line", i; print "the end" }\''
    made(place, pretender(tmp_path, said))
    text = place.log.read_text()
    assert len(text.encode()) <= SETUP_LOG_BYTES
    assert text.startswith("$ ")
    assert text.endswith("the end\n")


def test_a_folder_that_cannot_be_written_is_said(place: Place, tmp_path: Path) -> None:
    place.data.write_text("a file stands where the data folder should")
    with pytest.raises(EnvironmentUnusableError) as refused:
        made(place, pretender(tmp_path))
    assert refused.value.slug == "environment-unwritable"


def test_a_read_only_data_folder_is_said(place: Place, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    place.data.mkdir(mode=0o500)
    with pytest.raises(EnvironmentUnusableError, match="cannot be written"):
        made(place, pretender(tmp_path))


def test_on_a_full_disk_the_reason_is_kept_and_nothing_is_left(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        place = plugin(small)
        fill = 'head -c 200000 /dev/zero >"${0%/*}/big" || { echo "ERROR: No space left"; exit 1; }'
        with pytest.raises(EnvironmentUnusableError, match="No space left"):
            made(place, pretender(tmp_path, fill))
        assert environments(place) == []
        assert reason(place) == "ERROR: No space left"
    finally:
        subprocess.run(["umount", small], check=True)


def test_an_environment_whose_interpreter_is_gone_is_made_anew(place: Place, tmp_path: Path) -> None:
    maker = pretender(tmp_path)
    made(place, maker).unlink()
    assert look(place).python is None
    assert look(place).python != made(place, maker)


def test_a_sentinel_alone_is_no_environment(place: Place) -> None:
    folder = place.folder / "000000000000-1"
    folder.mkdir(parents=True)
    (folder / SENTINEL).write_text(LOCK)
    assert look(place).python is None


@pytest.mark.parametrize("text", ["", "soon", "-5\nx\ny", "9" * 40, "\x00", "1" * 13 + "\n"])
def test_a_damaged_record_of_a_failure_counts_as_none(place: Place, text: str) -> None:
    place.folder.mkdir(parents=True)
    place.failed.write_text(text)
    assert look(place).failure is None


def _is_running(number: int) -> bool:
    state = Path(f"/proc/{number}/stat")
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
