"""`check`: everything that is wrong with some packs, as a list of problems."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from beiji.packs.checks import CHECKS
from beiji.packs.library import Library, packs_root, scan
from beiji.packs.lint import lint
from beiji.packs.problems import Problem, shown_path
from beiji.packs.release import check_release, releasable
from beiji.packs.strict import read

KINDS = ("capabilities", "standards", "cities", "glossary", "scenarios", "instruments", "role-cards", "plan-templates")


def check(paths: Iterable[Path] = ()) -> list[Problem]:
    """Problems of the packs, folders or files at `paths` (default: all packs of this installation), in order of place.

    A file is checked together with the packs folder it lies in, so that what it names can be found.
    """
    wanted = [Path(path) for path in paths] or [packs_root()]
    problems: set[Problem] = set()
    libraries: dict[Path, Library] = {}
    for path in wanted:
        root = root_of(path)
        if not path.exists():
            sentence = "There is no such file or folder. Check the path."
            problems.add(Problem(shown_path(path), 1, 1, "P119", sentence))
        elif root is None:
            problems.update(_strict_only(path))
        else:
            if root not in libraries:
                libraries[root] = examined(root)
            problems.update(_below(libraries[root], path))
    return sorted(problems)


def examined(root: Path) -> Library:
    """The library below `root` after all checks and linters; `.problems` has what they found."""
    library = scan(root)
    if library.problems and not library.headers:  # links or pipes: nothing has been read, and nothing may be
        return library
    for examine in CHECKS:
        examine(library)
    lint(library)
    for pack in releasable(library):
        check_release(library, pack)
    return library


def root_of(path: Path) -> Path | None:
    """The packs folder that `path` is, or lies in: the one that holds capabilities/, standards/ and so on."""
    path = path.resolve()
    for folder in (path, *path.parents):
        if folder.name in KINDS and folder.is_dir():
            return folder.parent
        if any((folder / kind).is_dir() for kind in KINDS) and not (folder / "pyproject.toml").exists():
            return folder
    return path / "packs" if (path / "packs").is_dir() else None


def _below(library: Library, path: Path) -> list[Problem]:
    """Problems of the files at or below `path`."""
    path = path.resolve()
    problems = []
    for source in library.sources:
        place = source.path.parent.resolve() / source.path.name  # a link counts where it stands
        if path == place or path in place.parents:
            problems += source.problems
    if path.is_file() and not any(path == source.path.resolve() for source in library.sources):
        problems += read(path).problems
    return problems


def _strict_only(path: Path) -> list[Problem]:
    """What the reader alone can say about YAML that lies in no packs folder."""
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return [problem for file in files for problem in read(file).problems]
