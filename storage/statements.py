"""Pieces of SQL that would otherwise be put together in many places. Only names of our own are joined, never values.

Whole statements are constants at the head of the module that uses them, each with a sentence (docs/adr/0016).
"""

from collections.abc import Iterable, Sequence


def insert_into(table: str, columns: Iterable[str]) -> str:
    """INSERT of one row whose parameters have the names of the columns."""
    names = tuple(columns)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})"  # noqa: S608


def assigned(columns: Iterable[str]) -> str:
    """`a = :a, b = :b` for an UPDATE."""
    return ", ".join(f"{name} = :{name}" for name in columns)


def among(prefix: str, values: Sequence[object]) -> tuple[str, dict[str, object]]:
    """`:prefix0, :prefix1` for IN (…), and the parameters of these names."""
    parameters = {f"{prefix}{number}": value for number, value in enumerate(values)}
    return ", ".join(f":{name}" for name in parameters), parameters
