"""Tables of the policy file as values: one by one, so that each mistake is named with its whole key."""

import re
from typing import Any, TypeVar, get_args

import msgspec

from config.problems import meant

Made = TypeVar("Made", bound=msgspec.Struct)


def tables(key: str, value: Any, type: type[Made], problems: list[str]) -> tuple[Made, ...]:
    """A list of tables as structs. None of them when one cannot be read: their numbers would not be the file's."""
    if not isinstance(value, list):
        problems.append(f"{key}: is a list of tables: [[{key}]], in double brackets")
        return ()
    made = [table_as(f"{key}.{number}", each, type, problems) for number, each in enumerate(value)]
    return () if None in made else tuple(each for each in made if each is not None)


def table_as(key: str, value: Any, type: type[Made], problems: list[str]) -> Made | None:
    """A table as a struct; None, and a problem that names the key within, when it cannot be one."""
    try:
        return msgspec.convert(value, type)
    except msgspec.ValidationError as error:
        problems.append(_within(key, error, type))
        return None


_AT = re.compile(r" - at `\$\.?([^`]*)`$")
_KEY = re.compile(r"(?:unknown|required) field `([^`]+)`")


def _within(key: str, error: msgspec.ValidationError, type: Any) -> str:
    """msgspec's sentence with the whole key before it, in our words."""
    text = str(error)
    at = _AT.search(text)
    where = ".".join(filter(None, (key, at[1].replace("[...]", "") if at else "")))
    text = text[: at.start()] if at else text
    if field := _KEY.search(text):
        if "required" in text:
            return f"{where}: {field[1]} is missing"
        return f"{where}.{field[1]}: no such key{meant(field[1], _fields_at(type, at[1] if at else ''))}"
    return f"{where}: {text[:1].lower()}{text[1:]}"


def _fields_at(type: Any, path: str) -> list[str]:
    """The keys of the struct at a path within another."""
    for step in filter(None, path.split(".")):
        field = next((f for f in msgspec.structs.fields(type) if f.encode_name == step), None)
        if field is None:
            return []
        type = next(
            (t for t in (field.type, *get_args(field.type)) if isinstance(t, msgspec.StructMeta)), None
        )
        if type is None:
            return []
    return [f.encode_name for f in msgspec.structs.fields(type)]
