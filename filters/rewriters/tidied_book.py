"""The hidden sheets, rows, columns and the comments of a workbook, taken out of its members (filters.rewriters.tidied)."""

import posixpath
import re

from filters.extract.hidden import COLUMNS, COMMENT, ROWS, SHEET
from filters.rewriters.spans import Element, Span, cut, elements, emptied, without

_STATES = ("hidden", "veryHidden")
_TRUE = ("1", "true")
_CELL = re.compile(r"([A-Z]{1,3})\d+")
_NOTHING_ELSE = re.compile(rb"ObjectType=\"(?!Note\")")


def tidy(members: dict[str, bytes], kinds: frozenset[str]) -> set[str]:
    """Change the members of a workbook; those that are to be left out. Raises ValueError where something would break."""
    gone: set[str] = set()
    if SHEET in kinds:
        gone |= _without_sheets(members)
    sheets = [n for n in members if re.match(r"xl/worksheets/[^/]+\.xml$", n) and n not in gone]
    for name in sheets:
        gone |= _sheet(members, name, kinds, freeze=bool(kinds & {SHEET, ROWS, COLUMNS}))
    if kinds & {SHEET, ROWS, COLUMNS}:
        gone |= {n for n in members if n == "xl/calcChain.xml"}
        _forget_strings(members, sheets)
    return gone


def _without_sheets(members: dict[str, bytes]) -> set[str]:
    """Hidden sheets go; their members."""
    name = "xl/workbook.xml"
    whole = elements(members[name])
    listed = [e for e in whole if e.name == "sheet"]
    hidden = [e for e in listed if e.attributes.get("state") in _STATES]
    if not hidden:
        return set()
    if len(hidden) == len(listed) or any(
        n.startswith(("xl/pivot", "xl/externalLinks/", "xl/chartsheets/")) for n in members
    ):
        raise ValueError("what is left would lack something")
    titles = [e.attributes.get("name", "") for e in hidden]
    if any(
        _speaks_of(members[n], titles)
        for n in members
        if n.startswith(("xl/charts/", "xl/drawings/", "xl/tables/"))
    ):
        raise ValueError("a chart of a hidden sheet")
    targets = targets_of(members, name)
    gone: set[str] = set()
    for each in hidden:
        sheet = targets[each.attributes["r:id"]]
        gone |= {sheet, rels_of(sheet), *_only_of(members, sheet)}
    spans = [without(e) for e in (*hidden, *(e for e in whole if e.name in ("definedNames", "bookViews")))]
    members[name] = cut(members[name], spans)
    return gone


def _only_of(members: dict[str, bytes], sheet: str) -> set[str]:
    """What belongs to one sheet alone."""
    return {
        t for t in targets_of(members, sheet).values()
        if t.startswith(("xl/comments", "xl/threadedComments/", "xl/drawings/vmlDrawing", "xl/tables/", "xl/printerSettings/"))
    }  # fmt: skip


def _speaks_of(data: bytes, titles: list[str]) -> bool:
    text = data.decode("utf-8", "replace")
    return any(f"{title}!" in text or f"{title}'!" in text for title in titles)


def _sheet(members: dict[str, bytes], name: str, kinds: frozenset[str], *, freeze: bool) -> set[str]:
    data, gone = members[name], set[str]()
    whole, spans = elements(data), list[Span]()
    columns = _hidden_columns(whole) if COLUMNS in kinds else set()
    for each in whole:
        if ROWS in kinds and each.name == "row" and each.attributes.get("hidden") in _TRUE:
            spans.append(
                (each.opened - 1, each.end, b"/>") if not each.is_empty else (each.start, each.start, b"")
            )
        elif (columns and each.name == "c" and _column(each.attributes.get("r", "")) in columns) or (
            freeze and each.name == "f" and whole[each.parent].name == "c"
        ):
            spans.append(without(each))
    if COMMENT in kinds:
        for each in (e for e in whole if e.name == "legacyDrawing"):
            drawing = targets_of(members, name).get(each.attributes.get("r:id", ""), "")
            if drawing in members and not _NOTHING_ELSE.search(members[drawing]):
                gone |= {drawing, rels_of(drawing)}
                spans.append(without(each))
    members[name] = cut(data, spans)
    return gone


def _hidden_columns(whole: list[Element]) -> set[int]:
    found: set[int] = set()
    for each in whole:
        if each.name == "col" and each.attributes.get("hidden") in _TRUE:
            first, last = int(each.attributes.get("min", 0)), int(each.attributes.get("max", 0))
            found.update(range(first, min(last, first + 16_384) + 1))
    return found


def _column(reference: str) -> int:
    match = _CELL.fullmatch(reference)
    number = 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - 64
    return number


def _forget_strings(members: dict[str, bytes], sheets: list[str]) -> None:
    """Empty the shared strings that no cell shows any more."""
    name = "xl/sharedStrings.xml"
    if name not in members:
        return
    used: set[int] = set()
    for sheet in sheets:
        whole, data = elements(members[sheet]), members[sheet]
        for each in whole:
            above = whole[each.parent] if each.parent >= 0 else None
            if each.name == "v" and above is not None and above.attributes.get("t") == "s":
                used.add(int(data[each.opened : each.closed]))
    strings = [e for e in elements(members[name]) if e.name == "si"]
    spans = [emptied(e) for number, e in enumerate(strings) if number not in used]
    members[name] = cut(members[name], spans)


def targets_of(members: dict[str, bytes], name: str) -> dict[str, str]:
    """Relationship id -> the member it leads to, of one member."""
    rels = members.get(rels_of(name))
    folder = posixpath.dirname(name)
    return {
        e.attributes.get("Id", ""): resolved(folder, e.attributes.get("Target", ""))
        for e in (elements(rels) if rels is not None else ())
        if e.name == "Relationship" and e.attributes.get("TargetMode") != "External"
    }


def rels_of(name: str) -> str:
    """The member in which the relationships of a member stand."""
    folder, last = posixpath.split(name)
    return f"{folder}/_rels/{last}.rels"


def resolved(folder: str, target: str) -> str:
    """A member's name, from the folder of the one that refers to it (ECMA-376-2 §8.3)."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
