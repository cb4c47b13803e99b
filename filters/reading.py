"""Reading aids: what a mail says, extracted, folded and scanned once for all rules that ask.

    reading = reading_of(mail)
    reading.subject, reading.bodies           Text: .place .raw .flat (folded, lower case)
    reading.attachments                       Attachment: .path .name .part .extracted (kind, texts, members, verdict)
    reading.scan(text, organisation.classes)  Scan: .marks .numbers, each with its offset in .flat

Places are those of Evidence.part: "header:subject", "1.2", "3/book.xlsx", "2/a.zip/b.txt".
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

import msgspec

from config.policy import Class
from filters.extract import Extracted, Keys, extract, tidy
from filters.extract.budget import Budget, Stop
from filters.extract.html import text_of
from filters.extract.keys import AGREED, WRITTEN, written
from filters.numbers import KEYWORDS, NEAR, NUMBERS, candidates
from filters.rule import Mail
from mail.charset import fold
from mail.message import Part


class Text:
    """One text of a mail. `role` is "subject", "body", "name" (of a file) or "content" (of a file)."""

    __slots__ = ("_flat", "place", "raw", "role")

    def __init__(self, place: str, raw: str, role: str) -> None:
        self.place = place
        self.raw = raw
        self.role = role
        self._flat: str | None = None

    @property
    def flat(self) -> str:
        """The text as rules compare it: NFKC, without invisible characters, lower case."""
        if self._flat is None:
            self._flat = fold(self.raw).lower()
        return self._flat


class Attachment:
    """A leaf (or a whole mail inside) that a person would see as a file."""

    def __init__(self, part: Part, budget: Budget, cited: bool, keys: Keys | None = None) -> None:
        self.part = part
        self.path = part.path or "1"
        self.name = part.filename or _unnamed(part)
        self.inline_image = cited and part.content_type.startswith("image/")
        self._budget = budget
        self._keys = keys

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file, transfer encoding undone."""
        return self.part.content()

    @cached_property
    def extracted(self) -> Extracted:
        """What could be read of it; never raises."""
        declared, charset = self.part.content_type, self.part.charset
        return extract(self.name, declared, self.content, self._budget, charset=charset, keys=self._keys)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Its name and all texts inside, with their places."""
        base = f"{self.path}/{tidy(self.name)}"
        texts = [Text(base, name, "name") for name in self.part.filenames or (self.name,)]
        texts += [Text(f"{base}/{m.path}", m.path.rpartition("/")[2], "name") for m in self.extracted.members]
        for place, text in self.extracted.texts:
            texts.append(Text(f"{base}/{place}" if place else base, text, "content"))
        return tuple(texts)


class Mark(msgspec.Struct, frozen=True):
    """A confidentiality mark: the words found, whose class, where; and whether it counts.

    `negated`: the sentence says that it is not. `quoted`: it stands in the quoted text of a reply.
    """

    word: str
    of: Class
    offset: int
    negated: bool
    quoted: bool


class Number(msgspec.Struct, frozen=True):
    """A checked number. `sure` is False for a My Number without keyword nearby."""

    kind: str
    digits: str
    offset: int
    sure: bool


class Scan(msgspec.Struct, frozen=True):
    """What one pass over a text found."""

    marks: tuple[Mark, ...] = ()
    numbers: tuple[Number, ...] = ()


MOST = 200
"""Marks and numbers of each text beyond which counting more tells nobody more."""


class Reading:
    """Everything readable of one mail. Built by `reading_of`; nothing is read before it is asked for."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._scans: dict[int, tuple[Text, Scan]] = {}
        self.budget = Budget()
        self.keys = Keys(self._passphrases)

    @cached_property
    def subject(self) -> Text:
        headers = self._mail.message.all("subject")
        return Text("header:subject", "\n".join(h.text for h in headers), "subject")

    @cached_property
    def _leaves(self) -> tuple[list[Part], list[Part]]:
        """(parts that are read as the mail's text, parts that are files); a mail inside is one file."""
        bodies: list[Part] = []
        files: list[Part] = []
        inside: list[str] = []
        for part in self._mail.message.parts:
            if any(part.path.startswith(prefix) for prefix in inside):
                continue
            if part.is_message:
                files.append(part)
                inside.append(part.path + "." if part.path else "")
            elif not part.children:
                (files if part.is_attachment else bodies).append(part)
        return bodies, files

    @cached_property
    def bodies(self) -> tuple[Text, ...]:
        """The texts that a person reads as the mail itself: text/plain as it is, HTML as its text."""
        texts = []
        for part in self._leaves[0]:
            text = self.budget.take_text(part.text())
            if part.content_type == "text/html":
                text = text_of(text)
            texts.append(Text(part.path or "1", text, "body"))
        return tuple(texts)

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        cited = self._cited
        return tuple(
            Attachment(
                part, self.budget, part.disposition != "attachment" and _content_id(part) in cited, self.keys
            )
            for part in self._leaves[1]
        )

    def _passphrases(self) -> Iterator[tuple[str, str]]:
        """What may open an encrypted file: passphrases agreed with the recipients, words near "password" in the mail."""
        for word in self._mail.facts.passphrases.values():
            yield word, AGREED
        for text in (self.subject, *self.bodies):
            for word in written(text.raw):
                yield word, WRITTEN

    @cached_property
    def _cited(self) -> frozenset[str]:
        """Content-IDs that an HTML body shows."""
        if not any(p.first("content-id") for p in self._leaves[1]):
            return frozenset()
        found: set[str] = set()
        for part in self._leaves[0]:
            if part.content_type == "text/html":
                found.update(re.findall(r"cid:([^\"'\s>)]{1,250})", part.text()))
        return frozenset(found)

    def texts(self, *roles: str) -> Iterator[Text]:
        """All texts of these roles ("subject", "body", "name", "content"); of every role when none is named."""
        if not roles or "subject" in roles:
            yield self.subject
        if not roles or "body" in roles:
            yield from self.bodies
        if not roles or "name" in roles or "content" in roles:
            for attachment in self.attachments:
                yield from (t for t in attachment.texts if not roles or t.role in roles)

    def scan(self, text: Text, classes: tuple[Class, ...]) -> Scan:
        """Marks of the classes and checked numbers of one text; the first call does the work."""
        known = self._scans.get(id(text))
        if known is None:
            known = self._scans[id(text)] = (text, scan(text, classes))
        return known[1]


def reading_of(mail: Mail) -> Reading:
    """The one Reading of a mail."""
    reading = mail.memory.get("reading")
    if reading is None:
        reading = mail.memory["reading"] = Reading(mail)
    return reading


def _unnamed(part: Part) -> str:
    if part.is_message:
        inner = part.children[0].first("subject") if part.children else None
        return f"{inner.text[:60] if inner else 'message'}.eml"
    return {"text/calendar": "invite.ics"}.get(part.content_type, "")


def _content_id(part: Part) -> str:
    header = part.first("content-id")
    return header.text.strip().strip("<>") if header else ""


_BETWEEN = r"[\s・.,_\-/|*]{0,3}"
_JAPANESE = re.compile(r"[\u3005-\u30ff\u3400-\u9fff]")
_NOT_BEFORE = {"極": "究南北両積消至終", "機": "投有無動危", "秘": "神極便"}
_NOT_BEHIND = {"極秘": "伝訣蔵", "秘": "書密訣"}
_NEGATION = re.compile(
    r"(?:資料|情報|文書|扱い|区分|指定|データ|事項|内容|の|もの|など|等|に|は|では|では?ない|「|」|\"|'|\(|\)|\s){0,8}?"
    r"(?:では?(?:あり|ござい)ません|じゃ(?:ない|ありません)|では?な[いく]|に(?:は)?(?:該当|当たり|あたり|相当)(?:しません|しない|せず|ません)|"
    r"(?:は|を|も)?(?:含(?:みません|まない|まれません|まれない|んでいません|まれていません|まれておりません|んでおりません)|"
    r"(?:あり|ござい)ません|解除|なし\b|無し\b|送らない|送信しない|記載しない|書かない|添付しない)|(?:の)?(?:指定|扱い)?を?解除)"
)
_NEGATED_BEFORE = re.compile(r"(?:非|(?:is|are|was|were)?\s*(?:not|no longer|non)[\s\-]*(?:\w+\s+){0,1})$")
_SENTENCE = re.compile(r"\b(?:is|are|be|and|or|may|this|any|your|not)\b")
_QUOTED_LINE = re.compile(r"^[ \t]*(?:[a-z]{0,4}[>|]|[>|])")
_QUOTE_BEGINS = re.compile(
    r"^[ \t]*(?:-{2,}\s*(?:original message|forwarded message|元のメッセージ|転送)|_{20,}\s*$|"
    r"on .{5,120} wrote:|\d{4}[年/].{5,120}(?:wrote|のメール|書きました)\W*$)",
    re.MULTILINE,
)


class Marks(msgspec.Struct, frozen=True):
    """The marks of a class scheme, ready to be found: one pattern for the Japanese ones, one per English one."""

    owners: dict[str, Class]
    japanese: re.Pattern[str] | None
    english: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=64)
def marks_of(classes: tuple[Class, ...]) -> Marks:
    """The marks of these classes. A word that two classes claim belongs to the higher one."""
    owners: dict[str, Class] = {}
    for each in sorted(classes, key=lambda c: c.level):
        for mark in each.marks:
            owners[_tight(fold(mark).lower())] = each
    longest = sorted(owners, key=len, reverse=True)
    japanese = [_BETWEEN.join(map(re.escape, m)) for m in longest if _JAPANESE.search(m)]
    english = []
    for each in sorted(classes, key=lambda c: c.level):
        for words in (fold(m).lower().split() for m in each.marks if not _JAPANESE.search(m)):
            spaced = r"[\s_\-]{0,3}".join(map(re.escape, words))
            english.append((words[0], re.compile(rf"(?<![a-z0-9]){spaced}(?![a-z0-9])")))
    return Marks(owners, re.compile("|".join(japanese)) if japanese else None, tuple(english))


def _tight(text: str) -> str:
    return re.sub(_BETWEEN.replace("{0,3}", "+"), "", text)


def scan(text: Text, classes: tuple[Class, ...]) -> Scan:
    """The marks and numbers of a text. Quick where nothing is: each step begins with a search for a literal."""
    flat = text.flat
    marks = marks_of(classes)
    spans: dict[int, int] = {}
    if marks.japanese is not None:
        for match in marks.japanese.finditer(flat):
            if _stands_alone(flat, _tight(match[0]), *match.span()):
                spans[match.start()] = match.end()
    for word, pattern in marks.english:
        if word in flat:
            for match in pattern.finditer(flat):
                if _is_stamp(text, *match.span()):
                    spans[match.start()] = max(match.end(), spans.get(match.start(), 0))
    found = [
        _mark(text, marks.owners, *span) for span in sorted(spans.items())[:MOST] if _widest(span, spans)
    ]
    numbers: list[tuple[str, str, int]] = []
    for match in NUMBERS.finditer(flat):
        if len(numbers) >= MOST:
            break
        numbers += candidates(flat, *match.span())
    return Scan(tuple(found), tuple(_judged(flat, numbers))) if found or numbers else _NOTHING


_NOTHING = Scan()


def _stands_alone(flat: str, mark: str, start: int, end: int) -> bool:
    """False inside a longer word that means something else, such as 究極秘伝."""
    before, behind = _NOT_BEFORE.get(mark[0], ""), _NOT_BEHIND.get(mark, "")
    return not (start and flat[start - 1] in before) and not (end < len(flat) and flat[end] in behind)


def _is_stamp(text: Text, start: int, end: int) -> bool:
    """Japanese marks count wherever they stand. English ones are common words: they count as a stamp only,

    in a subject or a file name, in brackets, or on a short line of their own that is not a sentence.
    """
    if text.role in ("subject", "name"):
        return True
    flat = text.flat
    if flat[start - 1 : start] in tuple("[(<{【《「*") and flat[end : end + 1] in tuple("])>}】》」*"):
        return True
    first = max(flat.rfind("\n", 0, start), flat.rfind("\t", 0, start)) + 1
    stops = [s for s in (flat.find("\n", end, end + 40), flat.find("\t", end, end + 40)) if s >= 0]
    line = flat[first : min(stops, default=end + 40)].strip()
    return len(line) <= end - start + 24 and not _SENTENCE.search(line)


def _widest(span: tuple[int, int], spans: dict[int, int]) -> bool:
    """False for "confidential" within "strictly confidential"."""
    start, end = span
    return not any(start - 40 <= s < start and e >= end for s, e in spans.items())


def _mark(text: Text, owners: dict[str, Class], start: int, end: int) -> Mark:
    flat = text.flat
    word = flat[start:end]
    rest = re.split(r"[。\n]", flat[end : end + 40], maxsplit=1)[0]
    negated = bool(_NEGATION.match(rest) or _NEGATED_BEFORE.search(flat[max(0, start - 24) : start]))
    quoted = text.role == "body" and _is_quoted(flat, start)
    return Mark(word, owners[_tight(word)], start, negated, quoted)


def _is_quoted(flat: str, at: int) -> bool:
    line = flat[flat.rfind("\n", 0, at) + 1 : at + 1]
    if _QUOTED_LINE.match(line):
        return True
    begins = _QUOTE_BEGINS.search(flat)
    return begins is not None and begins.start() < at


def _judged(flat: str, found: list[tuple[str, str, int]]) -> Iterator[Number]:
    """My Numbers are sure with a keyword nearby or when there are three different ones; cards always."""
    different = {digits for kind, digits, _ in found if kind == "my_number"}
    for kind, digits, offset in found[:MOST]:
        sure = kind != "my_number" or len(different) >= 3
        if not sure:
            sure = bool(KEYWORDS.search(flat, max(0, offset - NEAR), offset + len(digits) + NEAR))
        yield Number(kind, digits, offset, sure)


__all__ = ["Attachment", "Mark", "Number", "Reading", "Scan", "Stop", "Text", "reading_of", "scan"]
