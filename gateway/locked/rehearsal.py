"""Mails of our own, examined before any other.

What libraries and rules make at their first use (compiled patterns, the states of their automata, caches of the
interpreter) is then made once and shared by all that are forked, and whatever would still open a file does it before
the lock. Most of a mail is words: the letters are made of the sentences that we have in every language.
"""

from base64 import encodebytes
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from config.words import LANGUAGES
from filters.facts import Facts, Origin
from mail.charset import encode_header
from mail.envelope import Envelope, ForwardPath

DIRECTIONS = ("inbound", "outbound")
CHARACTERS = 2_500
"""Of a letter: as many as most mails have."""

MAIL = b"""\
From: =?utf-8?B?6Zai5omA?= <keeper@barrier.example>
To: =?utf-8?B?5peF5Lq6?= <traveller@road.example>
Subject: =?utf-8?B?6YCa6KGM5omL5b2i?=
Date: Mon, 01 Jan 2024 09:00:00 +0900
Message-ID: <rehearsal@barrier.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

\xe9\x96\xa2\xe6\x89\x80 03-1234-5678 https://road.example/path?a=b
--b
Content-Type: text/html; charset=utf-8

<p>Please <a href="https://road.example/">pass</a>.</p>
--b
Content-Type: text/plain; name="list.txt"
Content-Disposition: attachment; filename="list.txt"
Content-Transfer-Encoding: base64

MSwyLDM=
--b--
""".replace(b"\n", b"\r\n")


def letters() -> Iterator[bytes]:
    """Two mails of text for each language, which together have words of all kinds."""
    for language in sorted(LANGUAGES):
        spoken = [text for text in LANGUAGES[language].sentences.values() if isinstance(text, str)]
        step = max(2, sum(map(len, spoken)) // CHARACTERS)
        subject = encode_header(spoken[0], 9)
        for first in (0, 1):
            text = "\n".join(spoken[first::step])[:CHARACTERS]
            yield (
                b"From: <keeper@barrier.example>\r\nTo: <traveller@road.example>\r\nSubject: " + subject
                + b"\r\nDate: Mon, 01 Jan 2024 09:00:00 +0900\r\nMessage-ID: <letter@barrier.example>\r\nMIME-Version: 1.0"
                b"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + encodebytes(text.encode()).replace(b"\n", b"\r\n")
            )  # fmt: skip


def rehearse(mail: bytes, direction: str, target: ModuleType, prepared: Any) -> None:
    """Examine a mail of ours in a direction."""
    paths = (ForwardPath("traveller@road.example"), ForwardPath("clerk@barrier.example"))
    envelope = Envelope("keeper@barrier.example", paths)
    target.run(mail, Facts(direction, Origin(direction, "192.0.2.1"), envelope), prepared)
