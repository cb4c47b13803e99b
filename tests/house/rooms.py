"""The house, measured: its rooms, its longest files, who imports whom. Standard library only; nothing is imported.

An import counts wherever it stands: inside a function and under TYPE_CHECKING too, since a reader follows it
all the same.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LAYERS = ("mail", "config", "filters", "storage", "directory", "quarantine", "console", "gateway")
"""From left to right; each imports only to its left."""
APART = ("gateway/listen", "gateway/deliver", "gateway/authenticate", "gateway/locked")
"""Rooms that know nothing of each other, nor of the console: gateway/ itself puts them together."""
LONGEST = 400
"""Lines that no source file may exceed."""
ROOTS = {"gateway": 21, "filters": 20, "quarantine": 14}
"""How many files may lie at the root of a layer that has rooms; whatever else comes belongs into one of them."""


class Arrow(NamedTuple):
    """One import: `line` of module `source` names module `target`."""

    source: str
    line: int
    target: str


def paths(*patterns: str) -> list[Path]:
    """Files below the project, sorted; without patterns, every source file of every layer."""
    patterns = patterns or tuple(f"{layer}/**/*.py" for layer in LAYERS)
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern)})


def inside(path: Path) -> str:
    """A path as it is written in reports: from the project's root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_of(path: Path) -> str:
    """The dotted name of a file; a package has the name of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Every module of the layers by its dotted name."""
    return {module_of(path): path for path in paths()}


def folder_of(module: str) -> str:
    return modules()[module].parent.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything that a file imports; `from a import b` names a.b when that is a module."""
    known = modules()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                yield node.lineno, whole if whole in known else node.module


@cache
def arrows() -> tuple[Arrow, ...]:
    """All imports of one of our modules by another."""
    known = modules()
    return tuple(
        Arrow(module, line, target)
        for module, path in known.items()
        for line, target in imported(path)
        if target in known and target != module
    )


def upward() -> list[Arrow]:
    """Imports of a layer by one to its left."""
    return [a for a in arrows() if _layer(a.target) > _layer(a.source)]


def between_rooms() -> list[Arrow]:
    """Imports between rooms that must not know each other (APART)."""

    def room(module: str) -> str:
        return next((r for r in APART if folder_of(module) == r), "")

    def wrong(arrow: Arrow) -> bool:
        here, there = room(arrow.source), room(arrow.target)
        return bool(here) and (arrow.target.split(".")[0] == "console" or there not in ("", here))

    return [a for a in arrows() if wrong(a)]


def circles() -> list[tuple[str, ...]]:
    """Sets of modules each of which leads, by imports, to all others (Tarjan's strongly connected components)."""
    after: dict[str, list[str]] = {}
    for arrow in arrows():
        after.setdefault(arrow.source, []).append(arrow.target)
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for target in after.get(module, ()):
            if target not in order:
                visit(target)
                low[module] = min(low[module], low[target])
            elif target in stack:
                low[module] = min(low[module], order[target])
        if low[module] == order[module]:
            at = stack.index(module)
            component = tuple(sorted(stack[at:]))
            del stack[at:]
            if len(component) > 1:
                found.append(component)

    for module in modules():
        if module not in order:
            visit(module)
    return sorted(found)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long() -> dict[str, int]:
    """Source files of more than LONGEST lines."""
    return {inside(path): n for path in paths() if (n := lines(path)) > LONGEST}


def rooms() -> dict[str, tuple[int, int]]:
    """(files, lines) of each folder, without those inside it."""
    count: dict[str, tuple[int, int]] = {}
    for path in paths():
        files, total = count.get(folder := inside(path.parent), (0, 0))
        count[folder] = files + 1, total + lines(path)
    return dict(sorted(count.items()))


def doorplate(folder: str) -> str:
    """The first paragraph of a folder's docstring: what it is for, and what it may touch."""
    path = ROOT / folder / "__init__.py"
    text = ast.get_docstring(tree(path)) if path.exists() else None
    return " ".join((text or "").partition("\n\n")[0].split())


def _layer(module: str) -> int:
    return LAYERS.index(module.split(".")[0])
