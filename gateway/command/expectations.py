"""What a folder of mails is expected to lead to (`sekisho policy test`): a TOML or CSV file, read and written.

    at = 2026-11-30T10:00:00            # optional: as if it were then, where the organisation is

    [[mails]]
    file = "price-list.eml"
    as = "outbound"                     # optional: by the author's domain
    from = "taro@us.example"            # optional: the header's
    to = ["a@p.example"]                # optional: the header's To and Cc
    verdicts = { "a@p.example" = "encrypt + delay 5m", any = "deliver" }
    rules = ["confidential_attachment"] # must see something
    not_rules = ["credential"]          # must see nothing

A CSV file has columns of these names, `recipient` and `verdict` in the place of `verdicts` (several rows for a file with
several), and lists separated by blanks. A verdict is "deliver", or consequences as the policy has them, joined
by " + ". "any" is every recipient that is not named.

Diagnostics: ConfigError with all that is wrong with the file.
"""

import csv
import datetime
import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from config.policy import ConfigError
from config.problems import meant, why_not

ANY = "any"


class Expected(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"direction": "as", "sender": "from"}
):
    """A mail of the folder and what becomes of it. `at` is the local time at which it is sent, None for now."""

    file: str
    direction: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    verdicts: dict[str, str] = {}
    rules: tuple[str, ...] = ()
    not_rules: tuple[str, ...] = ()
    at: datetime.datetime | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mails: tuple[dict[str, Any], ...] = ()
    at: datetime.datetime | None = None


_LISTS = ("to", "rules", "not_rules")
_PLAIN = ("file", "as", "from", "at")
COLUMNS = ("file", "as", "from", "to", "recipient", "verdict", "rules", "not_rules", "at")


def read_expected(path: Path, known: Sequence[str]) -> list[Expected]:
    """The expectations in a file; `known` are the names of rules."""
    try:
        text = path.read_text("utf-8-sig")
        tables = _of_csv(text) if path.suffix.lower() == ".csv" else _of_toml(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError([f"{path}: {error}"]) from None
    problems: list[str] = []
    found = []
    for number, table in enumerate(tables, 1):
        here = f"{path}: {table.get('file', f'mail {number}')}"
        if unknown := sorted(set(table) - {*_PLAIN, *_LISTS, "verdicts"}):
            problems += [f"{here}: no such key: {key}{meant(key, COLUMNS)}" for key in unknown]
            continue
        try:
            each = msgspec.convert(table, Expected)
        except msgspec.ValidationError as error:
            problems.append(f"{here}: {error}")
            continue
        if each.direction not in ("", "outbound", "inbound"):
            problems.append(f'{here}: as: "outbound" or "inbound"')
        problems += [
            f"{here}: there is no rule {name}{meant(name, known)}"
            for name in (*each.rules, *each.not_rules)
            if name not in known
        ]
        found.append(each)
    if problems:
        raise ConfigError(problems)
    return found


def _of_toml(text: str) -> list[dict[str, Any]]:
    file = msgspec.convert(tomllib.loads(text), _File)
    return [{"at": file.at, **table} if file.at is not None else table for table in file.mails]


def _of_csv(text: str) -> list[dict[str, Any]]:
    """Rows of one file together."""
    found: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        filled = {str(name).strip(): (value or "").strip() for name, value in row.items() if value}
        name = filled.get("file", "")
        mail = found.setdefault(name, {"verdicts": {}})
        if verdict := filled.pop("verdict", ""):
            mail["verdicts"][filled.pop("recipient", "") or ANY] = verdict
        for key, value in filled.items():
            mail[key] = value.split() if key in _LISTS else value
    return list(found.values())


def write_expected(path: Path, expected: Sequence[Expected], at: datetime.datetime) -> None:
    """A new file, of what happens at this local time. Raises ConfigError where there is one."""
    text = _as_csv(expected, at) if path.suffix.lower() == ".csv" else _as_toml(expected, at)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be written ({why_not(error)})"]) from None


def _as_toml(expected: Sequence[Expected], at: datetime.datetime) -> str:
    lines = [f"at = {at.isoformat()}", ""]
    for each in expected:
        lines += ["[[mails]]", f"file = {_string(each.file)}"]
        lines += [f"as = {_string(each.direction)}"] if each.direction else []
        lines += [f"from = {_string(each.sender)}"] if each.sender else []
        lines += [f"to = {_array(each.to)}"] if each.to else []
        lines += [f"verdicts = {_inline(each.verdicts)}"]
        lines += [f"rules = {_array(each.rules)}", ""] if each.rules else [""]
    return "\n".join(lines)


def _as_csv(expected: Sequence[Expected], at: datetime.datetime) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for name in COLUMNS if name != "not_rules"])
    for each in expected:
        first = [each.file, each.direction, each.sender, " ".join(each.to)]
        for recipient, verdict in each.verdicts.items():
            writer.writerow([*first, recipient, verdict, " ".join(each.rules), at.isoformat()])
    return out.getvalue()


def _string(text: str) -> str:
    """A TOML basic string: JSON's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _array(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_string, values))}]"


def _inline(values: Mapping[str, str]) -> str:
    named = (f"{k if k == ANY else _string(k)} = {_string(v)}" for k, v in values.items())
    return "{ " + ", ".join(named) + " }"
