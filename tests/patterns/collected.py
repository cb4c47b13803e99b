"""Every pattern of the product that `re` compiles, and how it is used: read from the source, none is listed by hand.

Each call of `re` in the tree counts, at the top of a module or inside a function. Its pattern is evaluated with the
module's own names. What needs more than those is put together at run time: MADE has samples of it.
"""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from tests.house import rooms

CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
ANCHORED = {"match", "fullmatch"}


class Used(NamedTuple):
    """A pattern, where it stands, its variable or "", and how far it is asked to look: search, match or fullmatch."""

    module: str
    line: int
    name: str
    pattern: "re.Pattern[Any]"
    mode: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.name or self.pattern.pattern!r} ({self.mode})"


def _brands() -> list["re.Pattern[str]"]:
    from filters.lures import hosts

    return [hosts._pattern(tuple(hosts._WORDS.within("アマゾン amazon pay pal paypal 楽天 microsoft 365")))]


def _spf() -> list["re.Pattern[str]"]:
    from gateway.authenticate import spf_record

    return spf_record._FORMS


def _national() -> list["re.Pattern[str]"]:
    from filters.detect import national_numbers

    return [
        national_numbers._number("[0-9]{3}-[0-9]{2}-[0-9]{4}"),
        national_numbers._number("[a-z]{2}[0-9]{6}[a-d]?"),
    ]


def _partners() -> list["re.Pattern[str]"]:
    from filters.detect import partner_names

    return [re.compile("|".join(map(partner_names._pattern, ("高洋商事", "koyo trading", "k&k", "acme"))))]


def _spellings() -> list["re.Pattern[str]"]:
    from filters.lures import mistyped

    return [pattern for pattern, _ in mistyped._SPELT]


MADE: dict[str, tuple[int, str, Callable[[], list["re.Pattern[Any]"]]]] = {
    "filters.detect.national_numbers": (1, "search", _national),
    "filters.detect.partner_names": (1, "search", _partners),
    "filters.extract.hidden": (1, "search", lambda: [re.compile(rb"\br\s*=\s*[\"'](?:B|AA)[0-9]")]),
    "filters.extract.pdf_said": (1, "search", lambda: [re.compile(rb"(?<!\d)12\s{1,8}\d{1,5}\s{1,8}obj\b")]),
    "filters.lures.hosts": (1, "search", _brands),
    "filters.lures.mistyped": (1, "search", _spellings),
    "filters.rewriters.bcc": (
        1, "search", lambda: [re.compile(r"(?<![a-z0-9._+-])a@b\.example(?![a-z0-9-]|\.[a-z0-9])")]
    ),
    "gateway.authenticate.spf": (1, "search", lambda: [re.compile(r"[\-\.\+,/_=]")]),
    "gateway.authenticate.spf_record": (1, "fullmatch", _spf),
    "gateway.upstream.trace": (1, "search", lambda: [re.compile(rb"\bby mx\.example[\s;(]", re.IGNORECASE)]),
    "mail.readings": (1, "search", lambda: [re.compile(rb"(?m)^(--" + re.escape(b"a--a") + rb")(?!--)[^\r\n]+")]),
}  # fmt: skip
"""By module: how many calls put a pattern together at run time, how these are used, and samples of what they make."""


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """(module, method, call) of every call of `re` that takes a pattern."""
    return tuple(
        (rooms.module_of(path), node.func.attr, node)
        for path in rooms.paths()
        for node in ast.walk(rooms.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in CALLS
    )


def imported_otherwise() -> list[str]:
    """Imports that would hide a call from `calls`: other names for `re` or for what is in it."""
    found = []
    for path in rooms.paths():
        for node in ast.walk(rooms.tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == "re":
                found.append(f"{rooms.inside(path)}:{node.lineno}")
            elif isinstance(node, ast.Import):
                found += [
                    f"{rooms.inside(path)}:{node.lineno}" for a in node.names if a.name == "re" and a.asname
                ]
    return found


def _evaluated(module: str, node: ast.expr) -> Any:
    """The value of an expression that needs nothing but the module's names. Raises NameError."""
    names = dict(vars(importlib.import_module(module)))
    return eval(compile(ast.Expression(node), module, "eval"), names)


def _pattern(module: str, method: str, call: ast.Call) -> "re.Pattern[Any]":
    """Raises NameError: the pattern is put together at run time."""
    source = _evaluated(module, call.args[0])
    if isinstance(source, re.Pattern):
        return source
    flags = _evaluated(module, call.args[1]) if method == "compile" and len(call.args) > 1 else 0
    for keyword in call.keywords:
        if keyword.arg == "flags":
            flags = _evaluated(module, keyword.value)
    return re.compile(source, flags)


@cache
def _methods() -> dict[tuple[str, str], set[str]]:
    """By module and variable: what is called on it anywhere; "search" for every use that is not seen through."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in rooms.paths():
        module, called, home = rooms.module_of(path), set(), dict[str, str]()
        nodes = list(ast.walk(rooms.tree(path)))
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                home |= {alias.asname or alias.name: node.module for alias in node.names}
        for node in nodes:
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name) as variable, attr=method), args=args
                ):
                    called.add(variable)
                    # With a place to begin at it is asked again and again, as in a search.
                    seen = method if method in ANCHORED and len(args) == 1 else "search"
                    found.setdefault((home.get(name, module), name), set()).add(seen)
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in home:
                    found.setdefault((f"{home[name]}.{name}", attribute), set()).add("search")
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in called:
                found.setdefault((home.get(node.id, module), node.id), set()).add("search")
    return found


def _mode(methods: set[str]) -> str:
    if not methods or methods - ANCHORED:
        return "search"
    return "fullmatch" if methods == {"fullmatch"} else "match"


def collected() -> Iterator[Used]:
    """All of them, in the order of the files."""
    variables = {
        id(node.value): node.targets[0].id
        for path in rooms.paths()
        for node in ast.walk(rooms.tree(path))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for module, method, call in calls():
        try:
            pattern = _pattern(module, method, call)
        except NameError:
            continue
        name = variables.get(id(call), "") if method == "compile" else ""
        if method != "compile":
            mode = _mode({method})
        else:
            mode = _mode(_methods().get((module, name), set())) if name else "search"
        yield Used(module, call.lineno, name, pattern, mode)
    for module, (_, mode, samples) in MADE.items():
        for pattern in samples():
            yield Used(module, 0, "", pattern, mode)


def put_together() -> dict[str, int]:
    """By module: how many patterns are put together at run time."""
    found: dict[str, int] = {}
    for module, method, call in calls():
        try:
            _pattern(module, method, call)
        except NameError:
            found[module] = found.get(module, 0) + 1
    return found
