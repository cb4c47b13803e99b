"""`sekisho register`: make a key, and turn tables into indexes that hold keyed hashes only (documents: assets.py).

Diagnostics: ConfigError for files that cannot be read, columns that do not exist, and invalid keys.
"""

import csv
import io
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from python_calamine import CalamineError, load_workbook

from config.load import read_key
from config.policy import ConfigError, Registered
from config.problems import why_not
from filters.detect.register import COMMON, Register, table_index
from gateway.command.folders import read
from mail.charset import fold


def make_key(file: Path) -> None:
    """Write a new key that only its owner may read. Raises ConfigError when the file exists."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigError([f"{file}: cannot be written ({why_not(error)})"]) from None
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_hex(32) + "\n")


def table(file: Path, columns: Sequence[str], key_file: Path, out: Path, *, need: int, name: str) -> str:
    """Write the index of a table with a heading row (CSV, TSV, xlsx); what was done, as a sentence."""
    key = key_in(key_file)
    rows = rows_of(file)
    heading = [fold(cell).strip().lower() for cell in next(rows, [])]
    wanted = [fold(column).strip().lower() for column in columns]
    if missing := [column for column in wanted if column not in heading]:
        raise ConfigError(
            [f"{file.name}: there is no column {', '.join(missing)} (there are: {', '.join(heading)})"]
        )
    places = [heading.index(column) for column in wanted]
    picked = ([fold(row[p]).lower() if p < len(row) else "" for p in places] for row in rows)
    try:
        data = table_index(name or file.stem, list(columns), picked, key, need)
    except ValueError as error:
        raise ConfigError([f"{file.name}: {error}"]) from None
    write(out, data)
    index = Register(Registered(key=key, indexes=(data,)))
    cells, useful = index.size()
    told = f"{out}: {cells // max(1, len(columns))} rows, {len(data)} bytes"
    if useful * 2 < cells // max(1, len(columns)):
        told += f"; most rows have only values that more than {COMMON} rows share, and will not be found"
    return told


def key_in(file: Path) -> bytes:
    """The key in a key file. Raises ConfigError."""
    try:
        return read_key(file)
    except (OSError, ValueError) as error:
        raise ConfigError(
            [f"{file}: is no key ({why_not(error)}); make one with: sekisho register key FILE"]
        ) from None


def rows_of(file: Path) -> Iterator[list[str]]:
    """The rows of a CSV or TSV file, or of the first sheet of a workbook. Raises ConfigError."""
    try:
        _, data = read(file.resolve(strict=True))
    except OSError as error:
        raise ConfigError([f"{file}: cannot be read ({why_not(error)})"]) from None
    except ValueError as error:
        raise ConfigError([f"{file}: {error}"]) from None
    try:
        if file.suffix.lower() in (".xlsx", ".xls", ".xlsm", ".ods"):
            sheet = load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
            yield from ([_cell(value) for value in row] for row in sheet.to_python())
            return
    except CalamineError as error:
        raise ConfigError([f"{file}: cannot be read ({why_not(error)})"]) from None
    text = _text(data)
    # A ledger may begin with its title.
    first = next((line for line in text.splitlines()[:20] if any(each in line for each in "\t,;")), "")
    delimiter = max("\t,;", key=first.count)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise ConfigError([f"{file}: line {reader.line_num}: {error}"]) from None


def _text(data: bytes) -> str:
    """A file as programs of an office write it: UTF-8, UTF-16 with its mark, else the code page of Windows."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp932", "replace")


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def write(out: Path, data: bytes) -> None:
    """All or nothing: a gateway that starts meanwhile reads the former index or this one."""
    new = out.with_name(out.name + ".new")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(out)
    except OSError as error:
        raise ConfigError([f"{out}: cannot be written ({why_not(error)})"]) from None
