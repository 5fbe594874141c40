"""Packs are files and folders of their own: a pipe would be waited for, a device read without end, a link leads past the hash."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.serving import environment

from beiji.packs import PackError, load_packs
from beiji.packs.checker import check


def link_to_a_file(place: Path) -> None:
    place.symlink_to("/etc/hostname")


def link_to_nothing(place: Path) -> None:
    place.symlink_to("nowhere")


def link_to_a_folder(place: Path) -> None:
    place.symlink_to(place.parent.parent, target_is_directory=True)


def pipe(place: Path) -> None:
    os.mkfifo(place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize(
    "name", ["scenarios/more.yaml", "cities/town/people2.yaml", "standards/demo/blind-order.csv", "extra"]
)
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (link_to_a_file, "a link"),
        (link_to_nothing, "a link"),
        (link_to_a_folder, "a link"),
        (pipe, "a pipe, not a file"),
    ],
)
def test_what_is_no_file_of_its_own_is_refused_by_name(
    mini: Path, name: str, make: Callable[[Path], None], sentence: str
) -> None:
    place = mini / name
    place.unlink(missing_ok=True)
    make(place)
    with pytest.raises(PackError) as caught:
        load_packs(mini)
    assert [(problem.file, problem.code) for problem in caught.value.problems] == [(f"packs/{name}", "P119")]
    assert sentence in caught.value.problems[0].sentence
    assert [problem.file for problem in check([mini])] == [f"packs/{name}"]


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin"])
def test_a_device_is_named_and_not_read(tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-m", "beiji.cli", "pack", "check", name]
    done = subprocess.run(
        command,
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "P119 This is a" in done.stdout


def test_a_packs_folder_that_is_reached_by_a_link_is_read(mini: Path, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(mini)
    assert load_packs(tmp_path / "here").cities
