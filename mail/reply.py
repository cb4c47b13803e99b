"""An SMTP reply: code, enhanced status, what the peer is told and what only we know."""

import re
import unicodedata

import msgspec

from mail.cause import Cause


class Reply(msgspec.Struct, frozen=True):
    """One SMTP reply (RFC 5321 §4.2, enhanced status codes of RFC 3463 and RFC 5248).

    `subject` and `detail` are the second and third number of the enhanced status code; the first, the class, is
    derived from `code`, so the two can never disagree. `subject` is -1 for replies without an enhanced status
    code (greeting, EHLO, 354 and so on).
    `text` is public and may have several lines; `reason` is private: it goes to the log and to our own people.
    `cause` is there when we speak instead of a next hop that did not take a mail.
    """

    code: int
    text: str
    subject: int = 0
    detail: int = 0
    reason: str = ""
    cause: Cause | None = None

    @property
    def enhanced(self) -> str:
        """The enhanced status code such as "5.7.1", "" when the reply has none."""
        return "" if self.subject < 0 else f"{self.code // 100}.{self.subject}.{self.detail}"

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 400

    @property
    def permanent(self) -> bool:
        """True for an explicit refusal (5yz). Anything that is neither positive nor permanent is a deferral."""
        return 500 <= self.code < 600

    def lines(self) -> list[str]:
        """The lines of the reply without line ends: "550-5.7.1 first", "550 5.7.1 last"."""
        prefix = f"{self.enhanced} " if self.enhanced else ""
        texts = self.text.splitlines() or [""]
        return [f"{self.code}-{prefix}{t}" for t in texts[:-1]] + [f"{self.code} {prefix}{texts[-1]}"]

    def __str__(self) -> str:
        return " / ".join(self.lines())


_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "「": '"', "」": '"'}
)
_REST = re.compile(r"[^\t\x20-\x7e]+")


def in_ascii(line: str) -> str:
    """A line of a reply for a client that did not ask for SMTPUTF8 (RFC 5321 §4.2: textstring): what is not ASCII
    becomes an ellipsis."""
    if line.isascii():
        return line
    return _REST.sub("...", unicodedata.normalize("NFKC", line.translate(_TYPOGRAPHY)))


OK = Reply(250, "OK", 0, 0)
NO_SPACE = Reply(452, "Insufficient system storage", 3, 1)
LOCAL_ERROR = Reply(451, "Temporary failure, please try again later", 3, 0)
"""The answer to anything unexpected: temporary, and telling the peer nothing internal."""
