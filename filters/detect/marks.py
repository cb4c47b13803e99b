"""Confidentiality marks (OUT-CLASS): the words of a class scheme, where they occur, and how much they mean there.

A stamp (in a subject, a file name, a page header, a property, in brackets, on a line of its own) means most;
a sentence that only talks about such marks ("社外秘の取り扱い規程") means little; a negation means nothing.
"""

import re
from functools import lru_cache

import msgspec

from config.policy import Class
from filters.detect.text import Text
from mail.charset import fold

STAMP, SAID, MENTIONED, DENIED = 3, 2, 1, 0
"""Weights of a mark, from "stamped here" to "said not to apply"."""

MOST = 200
"""Most marks counted in one text; more would add nothing."""


class Mark(msgspec.Struct, frozen=True):
    """A confidentiality mark: the words found, their class, where, and how much it counts.

    `negated`: the sentence denies it. `quoted`: it is in the quoted text of a reply.
    """

    word: str
    of: Class
    offset: int
    negated: bool
    quoted: bool
    weight: int = SAID


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
_SAYS = re.compile(r"です|ます|ません|ました|ので|ください|下さい")
_MENTION = re.compile(
    r"[」』\"'】]?(?:の)?(?:情報|文書|資料|データ|ファイル)?(?:など|等)?(?:[のを]|に関する|について)?"
    r"(?:(?:取り?扱い?|管理|定義|基準|分類|表示方法|付け方)(?:に(?:関|つ)|方法|手順|規[程定]|ルール|研修|基準|の(?:方法|手順|規|ルール|研修|件|基準)|要領|教育)"
    r"|規[程定]|ルール|研修|とは|という区分|(?:が|を)?含(?:む|まれる)(?:場合|可能性|おそれ|恐れ))"
)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:[a-z]{0,4}[>|]|[>|])")
_QUOTE_BEGINS = re.compile(
    r"^[ \t]*(?:-{2,}\s*(?:original message|forwarded message|元のメッセージ|転送)|_{20,}\s*$|"
    r"on .{5,120} wrote:|\d{4}[年/].{5,120}(?:wrote|のメール|書きました)\W*$)",
    re.MULTILINE,
)
_OPENS, _CLOSES = tuple("[(<{【《「*"), tuple(")]>}】》」*")
_TITLE_PLACE = re.compile(r"(?:^|/)(?:header|footer)\d*\.xml$|docprops/|/properties$|#(?:header|footer)")


class Marks(msgspec.Struct, frozen=True):
    """The marks of a class scheme, compiled: one pattern for all Japanese ones, one for each English one."""

    owners: dict[str, Class]
    japanese: re.Pattern[str] | None
    english: tuple[tuple[str, re.Pattern[str]], ...]
    firsts: tuple[str, ...]

    def present(self, flat: str) -> bool:
        """False when this folded text cannot contain a mark. Fast."""
        return any(first in flat for first in self.firsts)


@lru_cache(maxsize=64)
def marks_of(classes: tuple[Class, ...]) -> Marks:
    """The marks of these classes. A word that two classes claim belongs to the higher one."""
    owners: dict[str, Class] = {}
    for each in sorted(classes, key=lambda c: c.level):
        for mark in (*each.marks, *each.labels):
            owners[_tight(fold(mark).lower())] = each
    longest = sorted(owners, key=len, reverse=True)
    japanese = [_BETWEEN.join(map(re.escape, m)) for m in longest if _JAPANESE.search(m)]
    english = []
    for each in sorted(classes, key=lambda c: c.level):
        english_marks = [m for m in (*each.marks, *each.labels) if not _JAPANESE.search(m)]
        for words in (fold(m).lower().split() for m in english_marks):
            spaced = r"[\s_\-]{0,3}".join(map(re.escape, words))
            english.append((words[0], re.compile(rf"(?<![a-z0-9]){spaced}(?![a-z0-9])")))
    # The rarest character of a Japanese mark is searched for first: 社 is in every business mail, 秘 is not.
    lasts = [m[-1] for m in longest if _JAPANESE.search(m)]
    firsts = tuple(dict.fromkeys([*lasts, *(word for word, _ in english)]))
    return Marks(owners, re.compile("|".join(japanese)) if japanese else None, tuple(english), firsts)


def _tight(text: str) -> str:
    return re.sub(_BETWEEN.replace("{0,3}", "+"), "", text)


def marks_in(text: Text, classes: tuple[Class, ...]) -> tuple[Mark, ...]:
    """The marks of a text, at most MOST; where they overlap, the longest."""
    flat = text.flat
    marks = marks_of(classes)
    if not marks.present(flat):
        return ()
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
    found: list[Mark] = []
    reach = 0
    begins = _quote_begins(text) if spans else -1
    for start, end in sorted(spans.items()):
        if end > reach:
            found.append(_mark(text, marks.owners, start, end, begins))
            reach = end
        if len(found) == MOST:
            break
    return tuple(found)


def _stands_alone(flat: str, mark: str, start: int, end: int) -> bool:
    """False inside a longer word with another meaning, such as 究極秘伝."""
    before, behind = _NOT_BEFORE.get(mark[0], ""), _NOT_BEHIND.get(mark, "")
    return not (start and flat[start - 1] in before) and not (end < len(flat) and flat[end] in behind)


def _is_stamp(text: Text, start: int, end: int) -> bool:
    """True where a word is a label, not part of a sentence.

    Japanese marks count wherever they are. English ones are common words and count only as a stamp: in a
    subject, a file name, a page header or a property, in brackets, or on a short line that is not a sentence.
    """
    if text.role in ("subject", "name", "property") or _TITLE_PLACE.search(text.place.lower()):
        return True
    flat = text.flat
    if start and flat[start - 1] in _OPENS and flat[end : end + 1] in _CLOSES:
        return True
    first = max(flat.rfind("\n", 0, start), flat.rfind("\t", 0, start)) + 1
    stops = [s for s in (flat.find("\n", end, end + 40), flat.find("\t", end, end + 40)) if s >= 0]
    line = flat[first : min(stops, default=end + 40)].strip()
    return len(line) <= end - start + 24 and not _SENTENCE.search(line) and not _SAYS.search(line)


def _mark(text: Text, owners: dict[str, Class], start: int, end: int, begins: int) -> Mark:
    flat = text.flat
    word = flat[start:end]
    rest = re.split(r"[。\n]", flat[end : end + 40], maxsplit=1)[0]
    negated = bool(_NEGATION.match(rest) or _NEGATED_BEFORE.search(flat[max(0, start - 24) : start]))
    quoted = text.role == "body" and (0 <= begins < start or _in_quoted_line(flat, start))
    if negated:
        weight = DENIED
    elif _MENTION.match(rest):
        weight = MENTIONED
    elif quoted:
        weight = SAID
    else:
        weight = STAMP if _is_stamp(text, start, end) else SAID
    return Mark(word, owners[_tight(word)], start, negated, quoted, weight)


def _in_quoted_line(flat: str, at: int) -> bool:
    return bool(_QUOTED_LINE.match(flat[flat.rfind("\n", 0, at) + 1 : at + 1]))


def _quote_begins(text: Text) -> int:
    """Where the quoted mail begins in a body, -1 if there is none."""
    begins = _QUOTE_BEGINS.search(text.flat) if text.role == "body" else None
    return begins.start() if begins else -1
