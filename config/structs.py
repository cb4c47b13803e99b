"""Tables of the policy file as values: one by one, so that each mistake is named with its whole key."""

from typing import Any, TypeVar

import msgspec

from config.expected import refused

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
        problems.append(refused(key, value, type, error))
        return None
