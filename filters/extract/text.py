"""Text files in any charset that Japanese mail uses: plain text, CSV, source code, calendars, cards."""

from filters.extract.budget import Budget
from mail.charset import decode


def read(content: bytes, charset: str, budget: Budget) -> str:
    """The text of `content`; a label that cannot be true is replaced by a guess (mail.charset)."""
    budget.take_bytes(len(content))
    return decode(content, charset)
