"""Ledgers of information assets (情報資産管理台帳) as offices keep them: a CSV file or a workbook, headings in Japanese or English.

A row says where an asset lies (a file or a folder), its class, the department that answers for it, and the departments
that may use it. What stands in a row and cannot be used is told, with its number.

Diagnostics: ConfigError for a file that cannot be read, or in whose first rows there is no heading.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from config.policy import ConfigError
from gateway.command.register import rows_of
from mail.charset import fold

HEADINGS = {
    "path": (
        "path", "file", "folder", "location", "パス", "ファイルパス", "ファイル", "フォルダ", "フォルダー", "保管場所",
        "保存場所", "保存先", "所在", "所在地",
    ),
    "of": (
        "class", "classification", "confidentiality", "区分", "機密区分", "機密性区分", "情報区分", "分類", "機密分類",
        "機密レベル", "秘密区分",
    ),
    "owner": (
        "owner", "owner department", "department", "管理部門", "管理部署", "所管部門", "所管部署", "主管部門", "主管部署",
        "担当部門", "担当部署",
    ),
    "users": (
        "users", "user departments", "users' departments", "利用部門", "利用部署", "利用者", "利用者の範囲", "利用者範囲",
        "利用範囲", "閲覧部門", "開示範囲",
    ),
}  # fmt: skip
"""What each column may be called; brackets and what is in them do not matter."""
EVERYBODY = frozenset({"全社", "全部門", "全部署", "全社員", "全員", "all", "everybody", "everyone", "*"})
ABOVE = 20
"""Rows in which the heading is looked for: ledgers have titles above it."""
_BRACKETS = re.compile(r"[(\[【〔][^(\[【〔)\]】〕]*[)\]】〕]")
_SEVERAL = re.compile(r"[、,;/\n|]+")


class Asset(msgspec.Struct, frozen=True):
    """A file or a folder with all below it, and what is said of it (filters.detect.register.RegisteredDocument). `within`:
    what is read of it lies in this folder, wherever links lead ("": who named it meant where it leads)."""

    path: str
    of: str = ""
    owner: str = ""
    users: tuple[str, ...] = ()
    within: str = ""


def read_ledger(file: Path, maps: Mapping[str, str] = {}) -> tuple[list[Asset], list[str]]:
    """The assets, and what is wrong with other rows. `maps`: how a path begins in the ledger -> how it does here, such as
    "\\\\fs01\\share" -> "/mnt/share"; other paths are relative to the ledger's folder. Whoever keeps the ledger names
    nothing outside of these."""
    rows = list(rows_of(file))
    number, columns = _heading(file, rows)
    assets: dict[str, tuple[int, Asset]] = {}
    told = []
    for place, row in enumerate(rows[number + 1 :], number + 2):
        cells = {name: row[column].strip() if column < len(row) else "" for name, column in columns.items()}
        if not any(cells.values()):
            continue
        if not cells["path"].isprintable():
            broken = "a line break or a control character (is a quotation mark not closed?)"
            told.append(f"{file.name}: row {place}: its path has {broken}")
            continue
        if missing := [name for name in ("path", "of") if not cells[name]]:
            told.append(f"{file.name}: row {place}: no {' and no '.join(_TOLD[name] for name in missing)}")
            continue
        users = tuple(filter(None, (each.strip() for each in _SEVERAL.split(cells.get("users", "")))))
        if any(fold(each).lower() in EVERYBODY for each in users):
            users = ()
        path, within = located(cells["path"], file.parent, maps)
        asset = Asset(str(path), cells["of"], cells.get("owner", ""), users, str(within))
        former, other = assets.get(asset.path, (place, asset))
        if other != asset:
            told.append(
                f"{file.name}: row {place}: another class or other users than in row {former}; this one counts"
            )
        assets[asset.path] = place, asset
    return [asset for _, asset in assets.values()], told


_TOLD = {"path": "path", "of": "class"}


def _heading(file: Path, rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows[:ABOVE]):
        cells = [_BRACKETS.sub("", fold(cell)).strip().lower() for cell in row]
        columns = {}
        for name, words in HEADINGS.items():
            found = next((cells.index(word) for word in words if word in cells), None)
            if found is not None:
                columns[name] = found
        if "path" in columns and "of" in columns:
            return number, columns
    told = "; ".join(f"{_TOLD[name]}: {', '.join(HEADINGS[name])}" for name in _TOLD)
    raise ConfigError([f"{file.name}: no heading with a path and a class in the first {ABOVE} rows ({told})"])


def located(path: str, base: Path, maps: Mapping[str, str]) -> tuple[Path, Path]:
    """Where a path of the ledger lies here, and the folder that it may not leave."""
    slashed = path.replace("\\", "/")
    for begins, here in maps.items():
        start = begins.replace("\\", "/").rstrip("/")
        if slashed.lower() == start.lower() or slashed.lower().startswith(start.lower() + "/"):
            return Path(here) / slashed[len(start) :].lstrip("/"), Path(here).absolute()
    return base / slashed, base.absolute()
