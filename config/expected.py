"""What a value of a file should have been, in words for whoever wrote it: msgspec names types of its own."""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

import msgspec

from config.problems import meant

_AT = re.compile(r" - at `\$\.?([^`]*)`$")
_KEY = re.compile(r"(?:unknown|required) field `([^`]+)`")
_EXPECTED = re.compile(r"Expected `([^`]+)`(?:, got `([^`]+)`| (>=|<=|>|<) (\S+))?$")
_WANTED = {
    "str": "a text in quotation marks",
    "int": "a whole number, without quotation marks",
    "float": "a number, without quotation marks",
    "bool": "true or false, without quotation marks",
    "array": "a list in brackets: [ … ]",
    "object": "a table in braces: { … }",
    "date": "a day such as 2027-03-31",
    "time": "a time such as 09:00:00",
    "datetime": "a day and time such as 2027-03-31T09:00:00",
}
_GOT = {
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}
_SAMPLES = {("str", "size_over"): '"10 MB"', ("object", "name"): '{ ja = "…", en = "…" }'}
"""How a value of such a type is written at a key of that name."""
_BOUND = {">=": "{} or more", "<=": "{} or less", ">": "more than {}", "<": "less than {}"}


def refused(key: str, value: Any, type: Any, error: msgspec.ValidationError) -> str:
    """One sentence that begins with the whole key: why the value at `key` is not of the type, and how one is written."""
    text, path = str(error), ""
    if found := _AT.search(text):
        text, path = text[: found.start()], found[1].replace("[...]", ".*")
    steps = [step for step in re.sub(r"\[(\d+)\]", r".\1", path).split(".") if step]
    if "*" in steps:  # a table of the writer's own names: msgspec does not say which
        return _named(key, value, type, steps, text)
    where = ".".join((key, *steps))
    kind = _type_at(type, steps)
    if field := _KEY.search(text):
        if "required" in text:
            return f"{where}: {field[1]} is missing"
        return f"{where}.{field[1]}: no such key{_belongs(field[1], kind)}"
    return f"{where}: {_told(text, kind, _value_at(value, steps), where.rpartition('.')[2])}"


def _named(key: str, value: Any, type: Any, steps: list[str], text: str) -> str:
    """As `refused`, for a table whose keys are anybody's: the first entry that is wrong."""
    number = steps.index("*")
    where = ".".join((key, *steps[:number]))
    entries, kinds = _value_at(value, steps[:number]), get_args(_mapping(_type_at(type, steps[:number])))
    for name, each in entries.items() if isinstance(entries, Mapping) and kinds else ():
        try:
            msgspec.convert(each, kinds[1])
        except msgspec.ValidationError as error:
            return refused(f"{where}.{name}", each, kinds[1], error)
    return f"{where}: {_told(text, type, value)}"


def _told(text: str, type: Any, value: Any, name: str = "") -> str:
    if text.startswith("Invalid enum value"):
        choices = _choices(type)
        return f"must be {either(choices)}{meant(value, choices)}"
    if text.startswith("Invalid RFC3339"):
        wanted = {datetime.time: "time", datetime.datetime: "datetime"}.get(type, "date")
        return f"must be {_WANTED[wanted]}"
    if (found := _EXPECTED.match(text)) is None:
        return text[:1].lower() + text[1:]
    if found[3]:
        return f"must be {_BOUND[found[3]].format(found[4])}"
    kinds = [kind.strip() for kind in found[1].split("|")]
    wanted = " or ".join(_WANTED[kind] for kind in kinds if kind in _WANTED)
    such = next((f", such as {_SAMPLES[kind, name]}" for kind in kinds if (kind, name) in _SAMPLES), "")
    return f"must be {wanted or found[1]}{such}; it is {_GOT.get(found[2], 'something else')}"


def _belongs(key: str, type: Any) -> str:
    """What was meant by a key that a struct does not have: one of its own, or one of a struct within it."""
    struct = _struct(type)
    fields = msgspec.structs.fields(struct) if struct is not None else ()
    if guess := meant(key, [field.encode_name for field in fields]):
        return guess
    for field in fields:
        inner = _struct(field.type)
        if inner is not None and key in [each.encode_name for each in msgspec.structs.fields(inner)]:
            return f"; it belongs in {field.encode_name} = {{ {key} = … }}"
    return ""


def either(choices: Sequence[str]) -> str:
    """Words as alternatives: `"a", "b" or "c"`."""
    *others, last = (f'"{choice}"' for choice in choices if choice)
    return f"{', '.join(others)} or {last}" if others else last


def _choices(type: Any) -> list[str]:
    if get_origin(type) is Literal:
        return [choice for choice in get_args(type) if isinstance(choice, str)]
    return [choice for each in get_args(type) for choice in _choices(each)]


def _type_at(type: Any, steps: list[str]) -> Any:
    """The type at a path within another; that of an entry for a list's number."""
    for step in steps:
        inner = _struct(type)
        if step.isdigit():
            type = next((each for each in get_args(type) if each is not Ellipsis), Any)
        elif inner is not None:
            fields = msgspec.structs.fields(inner)
            type = next((field.type for field in fields if field.encode_name == step), Any)
    return _struct(type) or type


def _struct(type: Any) -> Any:
    return next((each for each in (type, *get_args(type)) if isinstance(each, msgspec.StructMeta)), None)


def _mapping(type: Any) -> Any:
    return next((each for each in (type, *get_args(type)) if get_origin(each) in (dict, Mapping)), None)


def _value_at(value: Any, steps: list[str]) -> Any:
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit():
            value = value[int(step)]
    return value
