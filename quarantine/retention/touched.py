"""What the journal tells of those whom a legal hold names: whether an entry, a report or an item says something of them. Pure.

A name is compared as holds have it: in lower case, an address without its sub-address. A text that is more than a name (a
subject, a reason) says nothing.
"""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from mail.address import without_tag
from storage.interfaces import Row

LONGEST = 320
"""Characters of a name."""


def name(text: str) -> str:
    """A name as holds have it."""
    return without_tag(text) if "@" in text else text


def entry_touches(row: Row, names: Collection[str]) -> bool:
    """Whether an entry of the journal (a row) is of a mail that is held, by somebody who is held, or names one."""
    return row["mail_id"] in names or row["actor"].lower() in names or says(row["detail"], names)


def says(json: str, names: Collection[str]) -> bool:
    """Whether a name is one of the texts in a JSON."""
    return any(
        name(text.lower()) in names for text in _texts(msgspec.json.decode(json)) if len(text) <= LONGEST
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
