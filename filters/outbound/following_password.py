"""OUT-PASSWORD: the passphrase of a locked file, told by mail to those who got or get the file.

Whoever reads the one mail reads the other: the file might as well not be locked.
"""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.passphrase_concepts import CONCEPTS, spoken_of
from filters.detect.passphrase_recalled import in_name, recalled
from filters.detect.passphrase_sentences import is_reference
from filters.detect.passphrase_slots import slotted
from filters.detect.passphrase_words import bare, could_be, file_named, narrow
from filters.detect.passphrases import NAMED, WAKES, alone, celled, told, tried
from filters.detect.text import Text
from filters.extract.keys import WRITTEN
from filters.finding import Evidence, Sight
from filters.reading.answered import FORWARD
from filters.reading.own_words import borrowed, own_and_signature
from filters.rule import rule
from filters.trigger import Finds, Given, Says
from filters.views import ByContent
from mail.address import domain_of

NOTE, README, LINES = 600, 2_000, 6
"""Characters of a file that may have been written to tell a passphrase, and of one that says among others how a file opens;
lines of one that tells nothing else."""
_SPOKEN_OF = re.compile(
    r"先(?:ほど|程|の|に)|前便|前のメール|別便|お送りし(?:た|まし)|送付し(?:た|まし)|送りました|解凍|開封|圧縮|暗号化|添付|ファイル"
    r"|\b(?:archive|zip|pdf|encrypted|unzip|attachment|attached|earlier|previous(?:ly)?|just sent|i sent|we sent|document|file)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:^|\n)[ ]?[>|][^\n]{0,80}(?:(?:パスワード|パスフレーズ|解凍キー|PW)[^\n]{0,30}(?:[?]|教え|知らせ|わかり|分かり|不明|何で|届い|通ら|合わ|違|入ら|求め|聞かれ|開け)|(?:what|which|send|need|forgot|tell|wants|asks|asking|wrong|accept)[^\n]{0,30}pass(?:word|code|phrase))",
    re.IGNORECASE,
)
"""The quoted mail asks for a passphrase."""
_POINTS = re.compile(
    r"(?:上記|件名|題名|表題|左記|右記|左|右|前述|こちら|これ|above|subject(?: line)?|that|this)(?:の[^\s。]{1,8})?(?:[ ]?(?:が|は|:|is|was)|'s)[^\n。.]{0,24}(?:パスワード|パスフレーズ|解凍キー|pass(?:word|phrase|code)|PW)",
    re.IGNORECASE,
)
"""What stands elsewhere in the mail is said to be the passphrase."""
_TITLED = re.compile(
    r"\W*(?:(?:zip|pdf|file|excel|ファイル|解凍|資料)\W?)?の?(?:pass|pw|key|パス|鍵|キー)\W*", re.IGNORECASE
)
"""A subject that is nothing but a word for a passphrase."""
_WORD = re.compile(r"[!-~]{4,64}")
_HINTS = re.compile(
    r"鍵|キー|パス|暗証|開け方|開き方|解凍|開封|\b(?:key|code|pass\w*|how to open|unlock)\b", re.IGNORECASE
)
"""What speaks of a text that lies beside it and holds nothing but a passphrase."""
_AGAIN = re.compile(
    r"もう一度|再度|再送|改めて(?:お送り|お知らせ|ご連絡)|(?:下記|以下)(?:の(?:とおり|通り))?(?:です|をご|に)|resen[dt]|sending (?:this |it )?again|once (?:more|again)|see below|noch ?mals?|encore une fois|ci-dessous|otra vez|di nuovo|再次|다시",
    re.IGNORECASE,
)
"""What is quoted below is told anew."""
_MARKS = re.compile(r"^[ \t]{0,3}(?:[>＞|][ ]?){1,9}")
_ACCOUNT = re.compile(
    r"ログイン|管理画面|アカウント|ユーザー|サーバ|会員|サイト|システム|接続|(?<![A-Za-z])(?:log ?in|sign in|account|user ?(?:name|id)?|server|vpn|id)(?![A-Za-z])",
    re.IGNORECASE,
)
"""The passphrase may be an account's: of such, another rule tells (password_pair)."""


@rule(
    control="OUT-PASSWORD",
    direction="outbound",
    wakes=(Given.LOCKED, Says((WAKES,)), Finds(("password",))),
)
def following_password(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """The author writes a passphrase, here or in a small text beside it, to somebody outside: of a locked file that they got
    lately, or get with this mail, or of which the author speaks, or of nothing else that could have one."""
    outside = tuple(
        i for i, address in enumerate(mail.facts.envelope.recipients) if not organisation.internal(address)
    )
    if not outside:
        return
    locked = _locked(mail, outside)
    evidence = _opening(mail) or _given(mail, organisation) or (_recalled(mail) if locked else None)
    if evidence is None:
        return
    names = locked or _spoken_of((mail.reading.subject, *mail.reading.own_words))
    if names is not None:
        name = next((each for each in names if "." in each), "")
        yield Sight((evidence,), values={"name": name[:80]}, recipients=outside, about=names)


def _opening(mail: ByContent) -> Evidence | None:
    """An attachment that a word of this mail opens: nothing needs to be understood."""
    for attachment in mail.reading.attachments:
        if any(sign.name == "opened" and sign.quote == WRITTEN for sign in attachment.extracted.signs):
            return Evidence("*" * 8, attachment.path)
    return None


def _given(mail: ByContent, organisation: Organisation) -> Evidence | None:
    """The first passphrase that is told, and where."""
    found = _told(mail, organisation)
    return found and Evidence("*" * 8, found[0].place, found[1])


def _recalled(mail: ByContent) -> Evidence | None:
    """What only those who have the locked file take for its passphrase, and one in the name of a file."""
    reading = mail.reading
    subject = narrow(reading.subject.raw)
    for text in reading.own_words:
        for at in recalled(narrow(text.raw), subject):
            return Evidence("*" * 8, text.place, at)
    named = next((each for each in reading.attachments if in_name(narrow(each.name))), None)
    return Evidence("*" * 8, named.path) if named else None


def _told(mail: ByContent, organisation: Organisation) -> tuple[Text, int] | None:
    reading = mail.reading
    locked = (
        any(a.extracted.locked for a in reading.attachments)
        or CONCEPTS["file"].search(narrow(reading.subject.raw)) is not None
    )
    bodies = [(body.place, *own_and_signature(body.raw)) for body in reading.texts("body")]
    pages = [Text(place, own, "body") for place, own, _ in bodies]
    shown = {text.place for text in reading.own_words}
    signed = [Text(place, signature, "body") for place, _, signature in bodies]
    texts = (reading.subject, *reading.own_words, *(page for page in pages if page.place not in shown))
    titled = NAMED.search(narrow(reading.subject.raw)) is not None
    # what is forwarded is told anew, to those who have not had it
    forwarded = FORWARD.match(reading.subject.raw) is not None and not reading.returned(organisation)
    again = any(_AGAIN.search(text.raw) for text in reading.own_words)
    passed_on = [_quoted(body) for body in reading.texts("body")] if forwarded or again else ()
    for text in (*texts, *passed_on, *signed):
        for at in told(narrow(text.raw), locked=locked, named=titled):
            return text, at
    if any(_ASKED.search(narrow(body.raw)) for body in reading.texts("body")):
        answers = (
            (text, at) for text in texts[1:] for at in (*alone(narrow(text.raw)), *tried(narrow(text.raw)))
        )
        if found := next(
            ((text, at) for text, at in answers if any(map(str.isdigit, text.raw[at : at + 20]))), None
        ):
            return found
    if pointed := next((text for text in texts if _POINTS.search(narrow(text.raw))), None):
        above = (reading.subject, pointed)
        if found := next(
            ((text, at) for text in above for at in (*alone(narrow(text.raw)), *celled(narrow(text.raw)))),
            None,
        ):
            return found
    named = any(NAMED.search(narrow(text.raw)) for text in texts)
    subject = narrow(reading.subject.raw)
    lines = texts[1:] if _TITLED.fullmatch(subject) or (named and NAMED.search(subject)) else ()
    sole = ((text, at) for text in lines for at in alone(narrow(text.raw)))
    if found := next((one for one in sole if not is_reference(narrow(one[0].raw), one[1])), None):
        return found
    for note in reading.texts("content"):
        raw = narrow(note.raw) if len(note.raw) <= NOTE else ""
        if raw and (whole := next(_whole(raw), -1)) >= 0 and any(_HINTS.search(t.raw) for t in texts):
            return note, whole
        if _says_what_opens(note.raw):
            raw = narrow(note.raw)
            if found := next(((note, at) for at in told(raw, locked=locked)), None):
                return found
        if raw and (named or _is_note(raw)):
            cells = celled(raw) if _is_note(raw) else ()
            few = alone(raw) if raw.strip().count("\n") < LINES else ()
            if found := next(((note, at) for at in (*told(raw), *few, *cells)), None):
                return found
    return None


def _whole(note: str) -> Iterator[int]:
    """Where one stands in a text that holds nothing else, or is one sentence that says what it opens."""
    word = note.strip()
    if "\n" not in word:
        if _WORD.fullmatch(word) and could_be(bare(word)):
            yield note.index(word)
        yield from slotted(note, locked=True)


def _quoted(body: Text) -> Text:
    """A text with blanks for all that it does not quote, and for the marks in front of what it quotes."""
    quoted, _ = borrowed(body.raw)
    lines = body.raw.split("\n")[: len(quoted)]
    kept = [
        _MARKS.sub(lambda marks: " " * len(marks[0]), line) if is_quoted else " " * len(line)
        for line, is_quoted in zip(lines, quoted, strict=True)
    ]
    return Text(body.place, "\n".join(kept), "body")


def _says_what_opens(text: str) -> bool:
    """True for a text of some lines that speaks of a locked file and how it opens, and of no account."""
    return (
        len(text) <= README
        and spoken_of(text, "word", "open", "lock")
        and CONCEPTS["file"].search(text) is not None
        and _ACCOUNT.search(text) is None
    )


def _is_note(text: str) -> bool:
    """True for a `narrow` text that speaks of a passphrase, and of a file rather than an account."""
    return (
        NAMED.search(narrow(text)) is not None
        and CONCEPTS["file"].search(text) is not None
        and _ACCOUNT.search(text) is None
    )


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


def _spoken_of(texts: tuple[Text, ...]) -> tuple[str, ...] | None:
    """The file, or the words for it, of which the author speaks; None when an account may be meant."""
    whole = "\n".join(text.raw for text in texts)
    if named := file_named(whole):
        return (named,)
    if spoken := _SPOKEN_OF.search(whole):
        return (spoken[0],)
    return None if _ACCOUNT.search(whole) else ()
