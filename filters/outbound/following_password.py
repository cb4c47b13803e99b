"""OUT-MISSEND: the password of a locked file, sent by mail to those who got or get the file.

Whoever reads the one mail reads the other: the file might as well not be locked.
"""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.text import Text
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByContent
from mail.address import domain_of

_NEAR = re.compile(
    r"パスワード|パスフレーズ|暗証番号|解凍(?:キー|鍵|コード)|開封(?:キー|コード)|合言葉|ＰＷ|(?<![A-Za-z])PW(?![A-Za-z])|(?<![A-Za-z])pass(?:word|phrase|code)(?![A-Za-z])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[!-~]{4,64}")
_BEFORE, _BEHIND = ":=-'\"[(<", "'\"])>,.;"
_FILE = re.compile(
    r"[^\s「」『』<>\"'、。/\\]{1,80}\.(?:zip|7z|rar|lzh|pdf|docx?|xlsx?|pptx?)(?![a-z0-9])", re.IGNORECASE
)
_EARLIER = re.compile(
    r"先(?:ほど|程|の|に)|前便|前のメール|別便|お送りし(?:た|まし)|送付し(?:た|まし)|送りました|解凍|圧縮|暗号化"
    r"|\b(?:archive|zip|encrypted|unzip|attachment|attached|earlier|previous(?:ly)?|just sent|i sent|we sent)\b",
    re.IGNORECASE,
)
NEAR = 80
"""Characters behind the word for password in which the password stands."""


@rule(
    control="OUT-MISSEND",
    direction="outbound",
    wakes=(Always("its words are looked for in texts that were read for others"),),
)
def following_password(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """The author writes a password, and the recipients got a locked file from them lately, or get one with this mail.

    Also where nothing is known of such a file, but the author speaks of one.
    """
    reading = mail.reading
    texts = (reading.subject, *reading.own_words)
    if not any(_NEAR.search(text.raw) for text in texts):
        return
    outside = tuple(
        i for i, address in enumerate(mail.facts.envelope.recipients) if not organisation.internal(address)
    )
    given = next(((text, at) for text in texts for at in passwords(text.raw)), None)
    if given is None or not outside:
        return
    text, at = given
    if name := _locked(mail, outside) or _spoken_of(texts):
        evidence = Evidence("*" * 8, text.place, at)
        yield Sight((evidence,), values={"name": name[:80]}, recipients=outside, about=(name,))


def passwords(text: str) -> Iterator[int]:
    """Where words stand that can be the passwords which the text speaks of."""
    for match in _NEAR.finditer(text):
        for word in _WORD.finditer(text, match.end(), match.end() + NEAR):
            bare = word[0].lstrip(_BEFORE).rstrip(_BEHIND)
            told = (
                text[match.end() : word.start()].strip().endswith((":", "：", "は", "=", "is"))
                or "\n" in text[match.end() : word.start()]
            )
            if _is_password(bare, told=told):
                yield word.start()


def _is_password(word: str, *, told: bool) -> bool:
    """True for a word of several kinds of characters, or of one kind where a password is announced right before it."""
    if (
        len(word) < 4
        or _FILE.fullmatch(word)
        or "://" in word
        or re.fullmatch(r"[^@]+@[\w-]+(?:\.[\w-]+)+", word)
    ):
        return False
    kinds = sum(any(test(c) for c in word) for test in (str.islower, str.isupper, str.isdigit, _is_sign))
    if re.fullmatch(r"[\d\-/:.,()+]+", word):
        return told and word.isdigit()
    capital = re.fullmatch(r"[A-Z][a-z]+[-']?[a-z]*", word) is not None
    return kinds >= 2 and not capital and (told or any(c.isdigit() for c in word))


def _is_sign(character: str) -> bool:
    return not character.isalnum()


def _locked(mail: ByContent, outside: tuple[int, ...]) -> str:
    """The name of the locked file that these recipients get, or got lately: the last one."""
    for attachment in mail.reading.attachments:
        if attachment.extracted.locked:
            return attachment.name
    addresses = {mail.facts.envelope.recipients[i].lower() for i in outside}
    domains = {domain_of(address) for address in addresses}
    sent = [
        each
        for each in mail.facts.locked_lately
        if each.address in addresses or domain_of(each.address) in domains
    ]
    return max(sent, key=lambda each: each.at).name if sent else ""


def _spoken_of(texts: tuple[Text, ...]) -> str:
    """The file, or the words for it, of which the author speaks."""
    whole = "\n".join(text.raw for text in texts)
    if named := _FILE.search(whole):
        return named[0]
    spoken = _EARLIER.search(whole)
    return spoken[0] if spoken else ""
