"""The house rules that a program can check; each says why."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ["mail", "config", "filters", "storage", "directory", "quarantine", "console", "gateway"]
IMPURE = {
    "asyncio", "socket", "ssl", "sqlite3", "psycopg", "subprocess", "threading", "logging", "structlog",
    "time", "random", "secrets", "requests", "urllib.request", "http.client", "tempfile", "multiprocessing",
}  # fmt: skip
PURE = [
    "mail/**/*.py",
    "filters/**/*.py",
    "config/policy.py",
    "quarantine/lifecycle.py",
    "quarantine/review.py",
]


def sources(*patterns: str) -> list[Path]:
    return sorted(p for pattern in patterns for p in ROOT.glob(pattern))


def modules(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the dotted name of every import in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_imports_only_to_its_left(layer: str) -> None:
    allowed = set(LAYERS[: LAYERS.index(layer) + 1])
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(f"{layer}/**/*.py")
        for line, name in modules(path)
        if name.split(".")[0] in LAYERS and name.split(".")[0] not in allowed
    ]
    assert not wrong


def test_pure_code_does_no_io() -> None:
    """examine() is explained, replayed and run in a locked-up process because it is pure."""
    wrong = []
    for path in sources(*PURE):
        for line, name in modules(path):
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
