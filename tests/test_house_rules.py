"""The house rules that a program can check; each says why."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.house import rooms
from tests.house.rooms import LAYERS, ROOT
from tests.house.ways import WAYS, Way, follow
from tests.services.programs import required

IMPURE = {
    "asyncio", "socket", "ssl", "sqlite3", "psycopg", "subprocess", "threading", "logging", "structlog",
    "time", "random", "secrets", "requests", "urllib.request", "http.client", "tempfile", "multiprocessing",
}  # fmt: skip
PURE = [
    "mail/**/*.py",
    "filters/**/*.py",
    "config/policy.py",
    "quarantine/lifecycle.py",
    "quarantine/rights.py",
]


def sources(*patterns: str) -> list[Path]:
    return rooms.paths(*patterns)


def test_each_layer_imports_only_to_its_left() -> None:
    assert not rooms.upward()


def test_rooms_of_the_gateway_know_nothing_of_each_other() -> None:
    """What a client says, who it is, where mail goes, what is examined: four professions, put together by gateway/."""
    assert not rooms.between_rooms()


def test_no_circle_of_imports() -> None:
    """TYPE_CHECKING counts: a reader who follows the imports goes round all the same."""
    assert not rooms.circles()


def test_no_file_is_too_long_but_those_that_are_known() -> None:
    assert not rooms.too_long()


@pytest.mark.parametrize("folder", rooms.ROOTS)
def test_what_lies_at_a_root_has_no_room_of_its_own(folder: str) -> None:
    assert rooms.rooms()[folder][0] <= rooms.ROOTS[folder]


@pytest.mark.parametrize("folder", rooms.rooms())
def test_each_folder_says_what_it_is_for_and_what_it_may_open(folder: str) -> None:
    plate = rooms.doorplate(folder)
    assert re.fullmatch(r"[A-Z].{20,}\. May open: .{4,}\.", plate), f"{folder}/__init__.py begins: {plate}"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.what)
def test_no_way_through_the_house_grows(way: Way) -> None:
    """`python -m tests.house` shows the route."""
    route = follow(way)
    assert all(now <= most for now, most in zip(route.measured, way.most, strict=True)), str(route)


def test_pure_code_does_no_io() -> None:
    """examine() is explained, replayed and run in a locked-up process because it is pure."""
    wrong = []
    for path in sources(*PURE):
        for line, name in rooms.imported(path):
            if name in IMPURE or name.split(".")[0] in IMPURE - {"urllib.request", "http.client"}:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} opens a file")
    assert not wrong


def test_loose_tasks_are_started_in_one_place_only() -> None:
    """A task that nobody awaits swallows its exception; only the composition root may start one."""
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources(*(f"{layer}/**/*.py" for layer in LAYERS))
        if path.name != "app.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b(asyncio|loop)\.create_task\(|ensure_future\(", line)
    ]
    assert not wrong


def test_every_source_file_has_its_test() -> None:
    missing = []
    for path in sources(*(f"{layer}/**/*.py" for layer in LAYERS)):
        if path.name == "__init__.py":
            continue
        inside = path.relative_to(ROOT)
        names = [
            ROOT / "tests" / inside.parent / f"test_{path.stem}.py",
            ROOT / "tests" / inside.parent / f"test_{inside.parent.name}_{path.stem}.py",
            ROOT / "tests" / inside.parts[0] / f"test_{path.stem}.py",
        ]
        if not any(name.exists() for name in names):
            missing.append(str(inside))
    allowed = {
        line.split("#")[0].strip() for line in (ROOT / "tests/tested_elsewhere.txt").read_text().splitlines()
    }
    assert set(missing) == {m for m in missing if m in allowed}, sorted(set(missing) - allowed)
    assert not {a for a in allowed if a and not (ROOT / a).exists()}, (
        "tests/tested_elsewhere.txt names a file that is gone"
    )


def tracked() -> list[Path]:
    required("git")
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_registry_host_and_no_machine_path_is_tracked() -> None:
    """The product must install from whatever index its user configured, on any machine."""
    hosts = "|".join([r"pypi\." + "org", "python" + "hosted", r"registry\." + "npmjs", r"deb\." + "debian"])
    wrong = re.compile(rf"{hosts}|/(work|root|home)/[a-z]".encode())
    hits = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in tracked()
        if path.suffix not in {".png", ".svg"} and (match := wrong.search(path.read_bytes()))
    ]
    assert not hits


def test_words_that_explain_nothing_are_not_used_as_names() -> None:
    bad = re.compile(r"(manager|utils?|helpers?|misc|whitelist|blacklist)", re.IGNORECASE)
    wrong = []
    for path in sources(*(f"{layer}/**/*.py" for layer in LAYERS)):
        if bad.search(path.stem):
            wrong.append(str(path.relative_to(ROOT)))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and bad.search(
                node.name
            ):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not wrong


def test_no_two_public_classes_share_a_name() -> None:
    """A name stands for one thing, wherever it is read (docs/adr/0024)."""
    where: dict[str, list[str]] = {}
    for path in sources(*(f"{layer}/**/*.py" for layer in LAYERS)):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert "Verdict" in where
    assert not {name: files for name, files in where.items() if len(files) > 1}


def test_lines_of_documents_can_be_read_without_scrolling() -> None:
    """At most 100 characters, so that a change is a few lines of a diff. Examples in fences are shown as they are
    printed, and an address cannot be broken."""
    wrong = []
    for path in tracked():
        example = False
        for number, line in enumerate(path.read_text().splitlines() if path.suffix == ".md" else (), 1):
            example ^= line.startswith("```")
            if len(line) > 100 and not example and "://" not in line:
                wrong.append(f"{path.relative_to(ROOT)}:{number} has {len(line)} characters")
    assert not wrong
