"""What people search for: the text of an item as it is compared, and what a typed text asks of it."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from quarantine.item import Item
from storage.journal import clean

SEARCH_LIMIT = 4000
"""Characters of one item that can be searched."""


def normalised(text: str) -> str:
    """Text as it is compared in a search: width and case folded, white space single."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


def searched(item: Item) -> str:
    """Everything of an item that a search looks at."""
    summary = item.summary
    parts = [
        item.id, item.mail_id, item.reverse_path, summary.message_id, summary.subject, summary.author,
        summary.author_name, *(r.path.address for r in item.recipients), *summary.attachments,
    ]  # fmt: skip
    return normalised(" ".join(parts)[: 4 * SEARCH_LIMIT])[:SEARCH_LIMIT]


def words_of(text: str) -> list[str]:
    """The words for which somebody searches, as they stand in what is searched."""
    return normalised(text[:1000]).split()[:20]


def having(words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The condition that an item's text has all of these words, and its values."""
    values = {f"word{n}": f"%{escaped(word)}%" for n, word in enumerate(words)}
    return " AND ".join(f"search LIKE :{name} ESCAPE '\\'" for name in values) or "1 = 1", values


def escaped(text: str) -> str:
    """For a LIKE: the text, and nothing but it."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
