"""Files encrypted with age (age-encryption.org/v1): a header of lines, then octets that nobody can read without a key."""

import re

from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason
from filters.extract.textkinds import is_textual

MAGIC = b"age-encryption.org/v1"
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n(?:-> [!-~ ]{1,1000}\n(?:[A-Za-z0-9+/]{0,64}\n){1,100}?)+--- [A-Za-z0-9+/]{43}\n"
)


@reads("age", MAGIC)
def read(content: bytes, found: Found) -> None:
    """Say that the file is encrypted; what only begins like one is read as what it is."""
    header = _HEADER.match(content, 0, 100_000)
    if header and not is_textual(content[header.end() :]):
        found.locked = True
        found.failed(Reason.PASSWORD)
        return
    found.budget.take_member()
    found.inside("content", content[len(MAGIC) :])
