"""Exports of password stores: browsers, KeePass and others write a row for each account, below a heading of columns."""

import csv
import re
from collections.abc import Iterator

from filters.detect.randomness import is_real

FIRSTS = (
    "password,",
    'password",',
    ",password",
    'password"',
    "password\t",
    ";password",
    "password;",
    "\tpassword",
    "\tパスワード",
    "パスワード,",
    ",パスワード",
    "パスワード\t",
)
ROWS, LONGEST = 50, 2_000
"""Rows below a heading that are looked at; characters of a heading."""
_PASSWORD = re.compile(r"(?:login[ _]?|user[ _]?)?password|passwd|パスワード", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?:login[ _]?)?user(?: ?name)?|username|login(?:[ _]?(?:name|username))?|account|e-?mail|id|(?:ユーザー?|ログイン|アカウント)(?:名|ID)?|メールアドレス",
    re.IGNORECASE,
)


def exported(cells: str) -> Iterator[int]:
    """Where a row with an account and its password begins; `cells` is a folded text with its capitals."""
    at, separator, columns, left = 0, "", (0, 0, 0), 0
    for line in cells.splitlines(keepends=True):
        if left and separator:
            row = _fields(line, separator)
            left -= 1
            if len(row) == columns[0] and row[columns[1]].strip() and _is_password(row[columns[2]]):
                yield at
        elif (len(line) <= LONGEST and "pass" in line.lower()) or "パスワード" in line[:LONGEST]:
            separator = next((s for s in ("\x1f", ",", ";") if s in line), "")
            names = [name.strip() for name in _fields(line, separator)] if separator else []
            accounts = [n for n, name in enumerate(names) if _ACCOUNT.fullmatch(name)]
            passwords = [n for n, name in enumerate(names) if _PASSWORD.fullmatch(name)]
            if accounts and passwords:
                columns, left = (len(names), accounts[0], passwords[0]), ROWS
        at += len(line)


def _fields(line: str, separator: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")[:LONGEST]], delimiter=separator), [])


def _is_password(value: str) -> bool:
    value = value.strip()
    return 4 <= len(value) <= 100 and " " not in value and is_real(value)
