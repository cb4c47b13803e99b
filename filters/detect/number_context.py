"""Whether a number is a card's or a My Number: by its check digit, and by what stands around it (OUT-PII).

One random number in ten passes a check digit. So a number counts where its name stands in front of it or above its column,
where words about it are near, or where most numbers of its length pass. What another name stands in front of (伝票番号,
order no.), and what is part of a URL or an identifier, does not.

    カード番号：4111 1111 1111 1111            個人番号 <TAB> 1 <TAB> 2 <TAB> …: one digit, or four, in each cell
"""

import re
from collections.abc import Iterator
from itertools import groupby, islice

import msgspec
import re2

from filters.detect.number_names import CARD, KEYWORDS, MINE, last_name, refers, what
from filters.detect.numbers import (
    BEFORE,
    LONGEST,
    NUMBERS,
    article,
    beginnings,
    candidates,
    card,
    card_shaped,
    firm,
    my_number,
)
from filters.detect.text import Idle

SHOWN = 160
"""Characters of a heading in which names are looked for."""
MOST_WRONG = 10_000
"""Different numbers of one text that fail their check digit; those behind them need a name."""
MOST_TRIED = 5_000
MOST = 200
"""Numbers of one text that are judged; more would add nothing."""
NAMED = 60
"""How far behind its name a number stands, in characters."""
NEAR = 300
"""How far a word for My Numbers may be from one, in characters."""
_PAYMENT = re.compile(
    r"カード|クレジット|デビット|クレカ|決済|引き落とし|有効期限|セキュリティコード|card|credit|debit|visa|master|amex|american express|jcb|diners|unionpay|maestro|銀聯|アメックス|ダイナース|kreditkarte|carte (?:bancaire|bleue)|tarjeta"
    r"|카드|(?:giro|ec-)karte|kart numaras|บัตรเครดิต|thẻ tín dụng|valid (?:until|thru|through|to)|gültig bis|유효기간|有效期|20[2-4][0-9]年[01]?[0-9]月まで|(?<![a-z])exp(?![a-z(])|exp[\s_]?(?:date|dt|month|year)|cvv|cvc|expir|(?<![0-9/])(?:0[1-9]|1[0-2]) ?/ ?(?:20)?[2-4][0-9](?![0-9/])"
)
"""Words about paying by card, and when one expires."""
_EXPIRES = re.compile(
    r"有効期限|期限[^\n。0-9]{0,4}(?:0[1-9]|1[0-2]) ?/ ?(?:20)?[2-4][0-9](?![0-9/])|expir|(?<![a-z])exp(?=[\s.:=_]{1,3}[01]?[0-9])|exp[\s_]?(?:date|dt)|cvv|cvc|セキュリティコード"
)
_SECRET = re.compile(r"cvv|cvc|セキュリティコード|card[\s_]?code|security[\s_]?code")
_GOODS = re.compile(r"ロット|シリアル|製造|ライセンス|(?<![a-z])(?:lot|batch|serial|licen[cs]e)")
"""Names of goods, which expire as cards do."""
_DOI = re.compile(r"(?:doi[:/ ]|(?<![0-9.])10\.[0-9]{4,9}/)")
_PIECES = re.compile("[0-9]{12,}")
_FOURS = re.compile("[0-9]{4}(?:[^0-9]+[0-9]{4}){2,3}")
_CELLS = re.compile(r"[\t,;|]")
_LINES_ABOVE = 400
_WIDEST = 2_000
"""Characters of a line before and behind a number that are looked at."""
_ENDS = re.compile(r"[\s\"'<>()\[\]{}「」『』【】、。]|[^\x00-\x7f]")
_LINKED = ("://", "arn:", "urn:", "www.", "cid:", "mid:")
_MINUTE = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?(?![0-9])"
)
"""A time to the minute or second, written in digits."""
_GAP = r"[ \t\n\r|│┃,、・/_.:;\"'□☐\-‐‑–−ー\[\]「」()→の]{1,4}"
_APART = {
    "my_number": re2.compile(
        rf"[0-9](?:{_GAP}[0-9]){{11}}|[0-9]{{6}}{_GAP}[0-9]{{6}}|[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
        rf"|[0-9]{{3}}(?:{_GAP}[0-9]{{3}}){{3}}|[0-9]{{2}}(?:{_GAP}[0-9]{{2}}){{5}}"
    ),
    "card": re2.compile(
        rf"[0-9](?:{_GAP}[0-9]){{11,18}}|[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?:{_GAP}[0-9]{{1,4}}){{0,2}}|[0-9]{{8}}[ \-][0-9]{{8}}|[0-9]{{4}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4,5}}"
    ),
}
"""Numbers whose digits, or groups of four, stand in cells or lines of their own."""
_GOES_ON = re.compile(r"[0-9]|[\t |][0-9](?![0-9])")
_PAID = r"カード|クレジット|デビット|visa|master|amex|american express|jcb|diners|unionpay|maestro|銀聯|アメックス|ダイナース|有効期限|\bcard\b|credit|debit"
NAMED_NUMBERS = f"{MINE}|{CARD}|{_PAID}".replace("(?!holder)", "")
"""RE2 over folded text in lower case: where a name of such a number stands, whose digits may stand apart."""
_CARD_FILE = re2.compile(f"{CARD}|クレジット|credit".replace("(?!holder)", ""))
_APPOSED = re.compile(r" ?[(\[<]([^()\[\]<>\n0-9]{2,20})[)\]>]")
"""Brackets behind a number; where they hold a name and nothing else, it outweighs what stands in front."""
_AMOUNT = re.compile(r" ?(?:円|万|千|百|個|件|ドル|bytes?\b|kb\b|jpy|usd|yen)")
_SAID = {"my_number": KEYWORDS, "card": re2.compile(f"{CARD}|{_PAID}".replace("(?!holder)", ""))}
_LOOSE = re.compile(
    r"(?<![0-9])[0-9]{4}(?:(?:[ \t\r\n,、。・/_.:;>|\-–—ー~〜+*=…→]|[のがはでに]|次|続い?けて|最[初後]|[前後]半|then|and|next"
    r"|(?:カード)?番号|card|\([1-4]\)|[1-4]つ目|[1-4]番目){1,12}[0-9]{4}){3}(?![0-9])"
)
"""The groups of a card as they are read out, or each on a line with a name of its own."""
_STEP = (
    r"[ \t\r\n,、。・/_.:;>|()\-–—ー~〜+*=→]|[のがはでにと]|次|続い?けて|最[初後]|[前後]半|[上中下頭]|真ん中|末尾|残り|then|and|next"
    r"|(?:[1-9]|1[0-2])(?:[\-~〜](?:[1-9]|1[0-2]))?(?:桁目?|文字)|[1-3]つ目|[1-3]番目"
)
_TOLD_MINE = re.compile(
    rf"(?<![0-9])(?:[0-9]{{4}}(?:(?:{_STEP}){{1,12}}[0-9]{{4}}){{2}}|[0-9]{{6}}(?:{_STEP}){{1,12}}[0-9]{{6}})(?![0-9])"
)
"""The groups of a My Number as they are read out: 上4桁 …、中4桁 …、下4桁 …"""
_CUT = re.compile(r"(?<![0-9.\-])[0-9]{5,12}\r?\n(?:> ?)?[0-9]{3,11}(?![0-9.\-])")
"""A number in one piece that a line's end cuts."""
_ENGLISH = {
    word: str(n)
    for n, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
} | {"oh": "0"}
_DICTATED = re2.compile(rf"\b(?:{'|'.join(_ENGLISH)})(?:[\s,.\-]{{1,3}}(?:{'|'.join(_ENGLISH)})){{11,18}}\b")
_KANJI = re.compile(r"[〇零一二三四五六七八九](?:[ \-・]?[〇零一二三四五六七八九]){11,18}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


class Number(msgspec.Struct, frozen=True):
    """A checked number of a kind ("my_number", "card"). `sure`: what stands around it says that it is one."""

    kind: str
    digits: str
    offset: int
    sure: bool


def numbers(flat: str, place: str, present: frozenset[str]) -> Iterator[Number]:
    """The numbers in a folded text that pass their check digit, by kind. `place` names the file: what its name says counts.

    `present`: "number" where there may be some in one piece, "apart" where there may be a name of some.
    """
    found: list[tuple[str, str, int]] = []
    wrong = Idle()
    last = len(flat) - LONGEST
    behind = len(flat)
    if "number" in present:
        for start in beginnings(flat):
            # The same digits again, in the same surroundings, are as wrong as they were.
            seen = flat[start - BEFORE : start + LONGEST] if BEFORE <= start <= last else ""
            if seen in wrong:
                continue
            if wrong.different >= MOST_WRONG or len(found) >= MOST:
                behind = start
                break
            here = candidates(flat, start)
            found += here
            if not here:
                wrong.add(seen)
    alike = _alike(flat, behind) if found else {}
    context = _Context(flat, place.lower(), alike, found)
    taken: set[tuple[str, str]] = set()
    for kind, digits, offset in found:
        sure = context.sure(kind, digits, offset)
        taken.add((kind, digits))
        yield Number(kind, digits, offset, sure)
    for number in _behind(flat, behind, context):
        if (number.kind, number.digits) not in taken:
            taken.add((number.kind, number.digits))
            yield number
    if "apart" in present:
        for number in _apart(flat, context):
            if (number.kind, number.digits) not in taken:
                yield number


def _behind(flat: str, begin: int, context: "_Context") -> Iterator[Number]:
    """Numbers from `begin` on, of which there are too many to judge each: those that stand behind their name. So none is
    hidden behind many of another kind."""
    for kind, names in _SAID.items():
        for tried, name in enumerate(names.finditer(flat, begin)):
            if tried >= MOST_TRIED:
                break
            end = name.end() + NAMED
            for start in beginnings(flat, name.end(), end + LONGEST):
                for found, digits, offset in candidates(flat, start) if start < end else ():
                    if found == kind and context.named(kind, offset, offset + len(digits)):
                        yield Number(kind, digits, offset, sure=True)


def _alike(flat: str, end: int) -> dict[int, set[str]]:
    """The different numbers up to an offset that are written in one piece or in fours, by their length."""
    stretches = NUMBERS.findall(flat, 0, end)
    pieces = set(_PIECES.findall(flat, 0, end))
    pieces.update(re.sub("[^0-9]", "", fours) for fours in set(filter(_FOURS.fullmatch, stretches)))
    found: dict[int, set[str]] = {}
    for length, each in groupby(sorted(pieces, key=len), key=len):
        found[length] = set(each)
    return found


class _Context:
    """What stands around the numbers of one text."""

    def __init__(
        self, flat: str, named: str, alike: dict[int, set[str]], found: list[tuple[str, str, int]]
    ) -> None:
        self._flat = flat
        self.mine = KEYWORDS.search(flat) is not None or KEYWORDS.search(named) is not None
        self.file = named
        self._alike = alike
        self._right: dict[tuple[str, int], set[str]] = {}
        for kind, digits, _ in found:
            self._right.setdefault((kind, len(digits)), set()).add(digits)
        self._columns: dict[tuple[int, int], str] = {}

    def sure(self, kind: str, digits: str, offset: int) -> bool:
        """True when a number of this kind is one by its surroundings."""
        flat = self._flat
        end = offset + len(digits)
        called = self.called(offset)
        if called == "other" and kind == "card" and self._expires(digits, offset, end):
            return True
        if kind == "my_number":
            if apposed := _APPOSED.match(flat, end):
                called = what(apposed[1].strip()) or called
            if _AMOUNT.match(flat, end) or (called == "mine" and _is_linked(*_token(flat, offset, end))):
                return False
        if called and called != "other":
            return called == {"my_number": "mine"}.get(kind, kind)
        if called or _is_part(flat, offset, end):
            return False
        right = len(self._right.get((kind, len(digits)), ()))
        share = right / max(1, len(self._alike.get(len(digits), ())), right)
        many = right >= 3 and share >= 0.6
        if kind == "my_number":
            near = KEYWORDS.search(flat[max(0, offset - NEAR) : end + NEAR]) is not None
            far = self.mine and (offset < 80 or "\n" in flat[offset - 80 : offset])
            return many or ((near or far) and share >= 0.4)
        paid = _PAYMENT.search(flat, max(0, offset - 100), end + 20 + NEAR // 3) is not None
        if firm(digits):
            return share >= 0.4
        paid = paid or _CARD_FILE.search(self.file) is not None
        return (many and right >= 5) or (paid and share >= 0.4 and not article(digits))

    def _expires(self, digits: str, offset: int, end: int) -> bool:
        """True when it is told behind a number of another name, or by a heading beside its own, when a card expires."""
        flat = self._flat
        if _GOODS.search(flat, max(0, offset - 30), offset) and not _SECRET.search(flat, end, end + 60):
            return False
        if _EXPIRES.search(flat, end, end + 60):
            around = flat[max(0, offset - 100) : end + 60]
            return firm(digits) or _SAID["card"].search(around) is not None or bool(_SECRET.search(around))
        above = flat[max(0, offset - SHOWN * 10) : offset].rpartition("\n")[0]
        return bool(_SECRET.search(above)) and not article(digits) and bool(_CELLS.search(flat, end, end + 2))

    def called(self, offset: int) -> str:
        """What the number at an offset is called: "mine", "card", "other", or ""."""
        flat = self._flat
        start = flat.rfind("\n", max(0, offset - _WIDEST), offset) + 1
        begun = start > 0 or offset < _WIDEST
        start = start or max(0, offset - _WIDEST)
        before = flat[max(start, offset - 40) : offset]
        if name := last_name(before):
            return last_name(flat[max(start, offset - SHOWN) : offset]) if refers(before) else name
        line = flat[start:offset]
        column = len(_CELLS.findall(line)) if begun else 0
        if line.strip("\"' ") and not column:
            return ""
        end = flat.find("\n", offset, offset + _WIDEST)
        cells = column + len(_CELLS.findall(flat, offset, offset + _WIDEST if end < 0 else end))
        if (column, cells) not in self._columns:
            self._columns[column, cells] = self._heading(start, column, cells)
        return self._columns[column, cells]

    def _heading(self, start: int, column: int, cells: int) -> str:
        """What the heading of a column above a line says; a line that has fewer cells names all of them."""
        flat, end = self._flat, start - 1
        for _ in range(_LINES_ABOVE):
            if end < 0:
                break
            begin = flat.rfind("\n", 0, end) + 1
            line = flat[begin:end]
            end = begin - 1
            if not line.strip() or len(line) > 4000 or re.search("[0-9]{6}", line):
                continue
            row = _CELLS.split(line)
            if len(row) <= 1 and cells > 1 and column:
                continue
            if cells and len(row) > 1:
                # A heading over several cells stands above the first of them.
                for at in range(min(column, len(row) - 1), -1, -1):
                    if row[at].strip():
                        return last_name(row[at][:SHOWN])
                continue
            return last_name(line[:SHOWN])
        return ""

    def named(self, kind: str, offset: int, end: int) -> bool:
        """True when a name of this kind, and no other, stands before digits that stand apart, or above their column."""
        before = self._flat[max(0, offset - 120) : offset]
        name = last_name(before) or self.called(offset)
        if kind == "card" and name != "card":
            behind = _EXPIRES.search(self._flat, end, end + 60) is not None
            paid = _PAYMENT.search(before) is not None
            return (paid or behind) if not name else (name == "other" and paid and behind)
        return name == ("mine" if kind == "my_number" else "card")

    def named_card(self, match: re.Match[str]) -> bool:
        """True when a card's name, not only a word about paying, stands just before or behind."""
        before = self._flat[max(0, match.start() - 60) : match.start()]
        name = last_name(before)
        if name == "other":
            return False
        near = before + match[0] + self._flat[match.end() : match.end() + 30]
        return name == "card" or re.search(rf"{CARD}|(?<![a-z])card(?![a-z])", near) is not None


def _is_part(flat: str, start: int, end: int) -> bool:
    """True for digits inside a URL, a message-id or another identifier of a program."""
    head, token = _token(flat, start, end)
    if head[-1:] == "+" or _MINUTE.match(flat, start):
        return True
    return _is_linked(head, token) or "@" in token or head.count("/") >= 2


def _token(flat: str, start: int, end: int) -> tuple[str, str]:
    """What is written on to a number without a blank: what stands in front, and all of it."""
    left = flat[max(0, start - 200) : start]
    ends = [m.end() for m in _ENDS.finditer(left)]
    right = flat[end : end + 200]
    stop = _ENDS.search(right)
    head = left[ends[-1] if ends else 0 :]
    return head, head + right[: stop.start() if stop else len(right)]


def _is_linked(head: str, token: str) -> bool:
    """True for a piece of a URL or DOI."""
    return any(mark in token for mark in _LINKED) or _DOI.search(head) is not None


def _apart(flat: str, context: _Context) -> Iterator[Number]:
    """Numbers of which each digit, or each group of four, stands in a cell or on a line of its own, under their name."""
    for kind, expression in _APART.items():
        judge = my_number if kind == "my_number" else card
        said = (
            context.mine
            if kind == "my_number"
            else _SAID[kind].search(flat) or _SAID[kind].search(context.file)
        )
        if not said:
            continue
        right: list[tuple[str, int]] = []
        wrong = 0
        for tried, match in enumerate(expression.finditer(flat)):
            if tried >= MOST_TRIED:
                break
            start, end = match.span()
            if flat[start - 1 : start].isdigit() or _GOES_ON.match(flat, end):
                continue
            digits = _joined(kind, match[0])
            if not digits or not judge(digits):
                wrong += 1
            elif context.named(kind, start, end):
                right.append((digits, start))
                if len(right) >= MOST:
                    break
        if len(right) >= 0.3 * (len(right) + wrong):
            yield from (Number(kind, digits, at, sure=True) for digits, at in right)
    for match in islice(_KANJI.finditer(flat), MOST_TRIED):
        digits = re.sub(r"[ \-・]", "", match[0]).translate(_DIGITS)
        for kind, judge in (("my_number", my_number), ("card", card)):
            if judge(digits) and context.named(kind, match.start(), match.end()):
                yield Number(kind, digits, match.start(), sure=True)
    yield from _told(flat, context)


def _told(flat: str, context: _Context) -> Iterator[Number]:
    """Numbers whose groups are read out one after the other, that a line's end cuts, or that are spelt out."""
    for expression in (_LOOSE, _CUT):
        for match in islice(expression.finditer(flat), MOST):
            groups = re.findall("[0-9]{3,}", match[0])
            digits = "".join(groups)
            if firm(digits) and card(digits) and context.named_card(match):
                yield Number("card", digits, match.start(), sure=True)
    if context.mine:
        for expression in (_TOLD_MINE, _CUT):
            for match in islice(expression.finditer(flat), MOST):
                digits = "".join(re.findall("[0-9]{3,}", match[0]))
                if my_number(digits) and context.named("my_number", match.start(), match.end()):
                    yield Number("my_number", digits, match.start(), sure=True)
    for match in islice(_DICTATED.finditer(flat), MOST):
        digits = "".join(_ENGLISH[word] for word in re.findall("[a-z]+", match[0]))
        if card(digits) and context.named_card(match):
            yield Number("card", digits, match.start(), sure=True)


def _joined(kind: str, written: str) -> str:
    """The digits of a number whose groups stand apart, "" where they do not stand as those of this kind do."""
    groups = re.findall("[0-9]+", written)
    between = {gap for gap in re.split("[0-9]+", written)[1:-1] if "\n" not in gap}
    if len(groups[0]) > 1 and len(between) > 1:
        return ""
    if kind == "card" and not card_shaped(tuple(map(len, groups))):
        written = written.partition("\n")[0]  # behind the row's end something else begins
        groups = re.findall("[0-9]+", written)
        if not card_shaped(tuple(map(len, groups))):
            return ""
    return "".join(groups)
