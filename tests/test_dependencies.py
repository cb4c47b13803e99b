"""What pyproject.toml declares is what the code imports, and docs/dependencies.md says what for, and where."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import files, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("mail", "config", "filters", "storage", "directory", "quarantine", "console", "gateway")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    return {canonical(re.split(r"[\[=<>~! ]", line)[0]) for lines in lists for line in lines}


def modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def providers(module: str, distributions: list[str]) -> list[str]:
    """Of those who share its first name (a namespace package), who brings the module."""
    if len(distributions) == 1:
        return distributions
    place = module.replace(".", "/")
    return [
        each
        for each in distributions
        if any(str(file).startswith((f"{place}/", f"{place}.py")) for file in files(each) or ())
    ]


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """The distributions that the layers import, each with the files that do."""
    known = packages_distributions()
    found: dict[str, set[str]] = {}
    for path in sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py")):
        for name in modules(path):
            top = name.partition(".")[0]
            if top in sys.stdlib_module_names or top in LAYERS:
                continue
            assert top in known, f"{path}: nobody provides {top}"
            for distribution in providers(name, known[top]):
                found.setdefault(canonical(distribution), set()).add(str(path.relative_to(ROOT)))
    return found


def test_every_dependency_is_imported_somewhere(imported: dict[str, set[str]]) -> None:
    assert not declared() - set(imported)


def test_every_import_is_a_declared_dependency(imported: dict[str, set[str]]) -> None:
    unknown = {name: files for name, files in imported.items() if name not in declared()}
    assert not unknown


def test_the_document_names_each_and_a_file_that_uses_it(imported: dict[str, set[str]]) -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \|[^|]+\|([^|]+)\|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE
    )
    told = {canonical(name): re.findall(r"`([^`]+)`", places) for name, places in rows}
    assert set(told) == declared()
    wrong = {name: place for name, places in told.items() for place in places if place not in imported[name]}
    assert not wrong
    assert not [name for name, places in told.items() if not places]


def test_each_failure_that_the_document_tells_has_a_test() -> None:
    """A row names a file and a part of the name of a test in it, or of a case."""
    text = (
        (ROOT / "docs/dependencies.md")
        .read_text()
        .partition("## While it runs")[2]
        .partition("## Packages")[0]
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    assert len(rows) > 30
    for what, how, _, _, test in rows[2:]:
        path, name = re.findall(r"`([^`]+)`", test)
        source = (ROOT / "tests" / path).read_text()
        component, _, mode = name.rpartition(" ")
        found = re.search(rf"def test_\w*{re.escape(name)}|def {re.escape(name)}", source) or (
            component and re.search(rf'"{component}", "{mode}"', source)
        )
        assert found, f"{what}, {how}: no {name} in {path}"
