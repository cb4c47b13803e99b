"""Where SQL stands, and which module touches which table, as far as the text of the statements shows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import rooms

STATEMENT = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s", re.DOTALL)
TABLE = re.compile(r"(?:FROM|INTO|UPDATE|JOIN|TABLE IF NOT EXISTS)\s+([a-z_]+)")


def _texts(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """(node, text) of every string that is, or begins, a statement."""
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in ast.walk(node)} - {id(node)}
            parts = [v.value if isinstance(v, ast.Constant) else "{}" for v in node.values]
            yield node, "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node, node.value


def inside_functions(path: Path) -> list[int]:
    """Lines of a file on which a statement begins inside a function."""
    found = set()
    for function in ast.walk(rooms.tree(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= {n.lineno for n, text in _texts(function) if STATEMENT.match(text)}  # type: ignore[attr-defined]
    return sorted(found)


def tables(path: Path) -> set[str]:
    """The tables that a file's statements name."""
    tree = rooms.tree(path)
    found: set[str] = set()
    for _, text in _texts(tree):
        if STATEMENT.match(text) or " FROM " in text:
            found |= set(TABLE.findall(text))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "insert_into":
            table = node.args[0]
            if isinstance(table, ast.Constant):
                found.add(str(table.value))
    return found
