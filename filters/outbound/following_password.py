"""OUT-MISSEND: the password of a locked file, sent by mail to those who got or get the file.

Whoever reads the one mail reads the other: the file might as well not be locked.
"""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.text import Text
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByContent
from mail.address import domain_of

_NEAR = re.compile(
    r"パスワード|パスフレーズ|ぱすわーど|暗証(?:番号|キー)|(?:解凍|開封|解除|復号|暗号|ロック解除)(?:用の?)?(?:キー|鍵|コード|番号|文字列)|解凍には|合言葉|ＰＷ|(?<![A-Za-z])P/?WD?(?![A-Za-z])|(?<![A-Za-z])pass(?:word|phrase|code)?(?![A-Za-z])|パス(?=[\s:：は])|開く(?:ため)?の(?:鍵|キー|番号)",
    re.IGNORECASE,
)
_WAKES = (
    "パス|ぱすわーど|暗証(?:番号|キー)|合言葉|ＰＷ|解凍には|開く(?:ため)?の(?:鍵|キー|番号)"
    "|(?:解凍|開封|解除|復号|暗号|ロック解除)(?:用の?)?(?:キー|鍵|コード|番号|文字列)"
    "|(?:^|[^a-z])(?:p/?wd?|pass(?:word|phrase|code)?)(?:[^a-z]|$)"
)
_WORD = re.compile(r"[!-~]{4,64}")
_BEFORE, _BEHIND = ":=-'\"[(<", "'\"])>,.;"
_EXTENSION = re.compile(r"\.(?:zip|7z|rar|lzh|pdf|docx?|xlsx?|pptx?)(?![a-z0-9])", re.IGNORECASE)
_BREAK = re.compile(r"[\s「」『』<>\"'、。/\\]")
_EARLIER = re.compile(
    r"先(?:ほど|程|の|に)|前便|前のメール|別便|お送りし(?:た|まし)|送付し(?:た|まし)|送りました|解凍|圧縮|暗号化"
    r"|\b(?:archive|zip|encrypted|unzip|attachment|attached|earlier|previous(?:ly)?|just sent|i sent|we sent)\b",
    re.IGNORECASE,
)
_TELLS = (":", "：", "は", "=", "＝", "is", "。", "「", "『", "→", "⇒", "】")
"""What stands right before a password that is told."""
NEXT = 20
"""Characters between the word for password and a word right behind it."""
_QUOTED = re.compile(r"\s{0,3}(?:は|が|:|：|=|＝)\s{0,3}[「『“\"]([^「」『』“”\"\n。]{4,40})[」』”\"]")
_NAMED = re.compile(r"パスワード|パスフレーズ|PW|pass(?:word|code)", re.IGNORECASE)
_CLUE = re.compile(
    r"電話番号|携帯番号|郵便番号|誕生日|生年月日|社員番号|口座番号|下\s?[0-9０-９一二三四五六]{1,2}\s?[桁ケけ]"
    r"|last [a-z0-9]{1,8} digits|phone number|postal code|zip code|birthday|date of birth",
    re.IGNORECASE,
)
"""A password is described by what both know, and others can find out."""
NEXT_CLUE = 50
"""Characters from the beginning of the word for password to the end of the sentence that describes it."""
_ALONE = re.compile(r"^[ \t\u3000]*([!-~]{6,64})[ \t\u3000\r]*$", re.MULTILINE)
NEAR = 80
"""Characters behind the word for password in which the password stands."""


@rule(
    control="OUT-MISSEND",
    direction="outbound",
    wakes=(Says((_WAKES,)),),
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
    if given is None and _NEAR.search(reading.subject.raw):
        given = next(((text, at) for text in reading.own_words for at in alone(text.raw)), None)
    if given is None or not outside:
        return
    text, at = given
    if names := _locked(mail, outside) or _spoken_of(texts):
        evidence = Evidence("*" * 8, text.place, at)
        yield Sight((evidence,), values={"name": names[0][:80]}, recipients=outside, about=names)


def passwords(text: str) -> Iterator[int]:
    """Where words stand that can be the passwords which the text speaks of, or what says which it is."""
    for clue in _CLUE.finditer(text):
        begin = max(0, clue.start() - NEXT_CLUE)
        sentence = max(text.rfind(end, begin, clue.start()) for end in "。.\n") + 1
        if named := _NAMED.search(text, max(begin, sentence), clue.start()):
            yield named.start()
    for match in _NEAR.finditer(text):
        quoted = _QUOTED.match(text, match.end())
        if quoted and not _file(quoted[1]):
            yield quoted.start(1)
        for word in _WORD.finditer(text, match.end(), match.end() + NEAR):
            bare = word[0].lstrip(_BEFORE).rstrip(_BEHIND)
            between = text[match.end() : word.start()]
            told = "\n" in between or between.strip().endswith(_TELLS)
            told = told or (len(between) <= NEXT and not re.search("[A-Za-z]", between))
            if _is_password(bare, told=told):
                yield word.start()


def alone(text: str) -> Iterator[int]:
    """Where words that can be passwords stand on a line of their own."""
    for match in _ALONE.finditer(text):
        if _is_password(match[1].lstrip(_BEFORE).rstrip(_BEHIND), told=True):
            yield match.start(1)


def _is_password(word: str, *, told: bool) -> bool:
    """True for a word of several kinds of characters, or of one kind where a password is announced right before it."""
    if (
        len(word) < 4
        or _file(word) == word
        or "://" in word
        or re.fullmatch(r"[^@]+@[\w-]+(?:\.[\w-]+)+", word)
    ):
        return False
    kinds = sum(any(test(c) for c in word) for test in (str.islower, str.isupper, str.isdigit, _is_sign))
    if re.fullmatch(r"[\d\-/:.,()+]+", word):
        return told and word.isdigit()
    capital = re.fullmatch(r"[A-Z][a-z]+(?:[-'][a-z]*)?", word) is not None
    return kinds >= 2 and not capital and (told or any(c.isdigit() for c in word))


def _is_sign(character: str) -> bool:
    return not character.isalnum()


def _locked(mail: ByContent, outside: tuple[int, ...]) -> tuple[str, ...]:
    """The names of the locked files that these recipients get, or got lately: those of the last mail."""
    if here := tuple(a.name for a in mail.reading.attachments if a.extracted.locked):
        return here
    addresses = {mail.facts.envelope.recipients[i].lower() for i in outside}
    domains = {domain_of(address) for address in addresses}
    sent = [
        each
        for each in mail.facts.locked_lately
        if each.address in addresses or domain_of(each.address) in domains
    ]
    last = max((each.at for each in sent), default=0.0)
    return tuple(dict.fromkeys(each.name for each in sent if each.at == last))


def _file(text: str) -> str:
    """The first name of a file in the text, or ""."""
    for extension in _EXTENSION.finditer(text):
        if name := _BREAK.split(text[max(0, extension.start() - 80) : extension.start()])[-1]:
            return name + extension[0]
    return ""


def _spoken_of(texts: tuple[Text, ...]) -> tuple[str, ...]:
    """The file, or the words for it, of which the author speaks."""
    whole = "\n".join(text.raw for text in texts)
    if named := _file(whole):
        return (named,)
    spoken = _EARLIER.search(whole)
    return (spoken[0],) if spoken else ()
