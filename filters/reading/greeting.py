"""Whom a mail greets: the company, and the people, in its first lines.

    札幌マート株式会社            ->  companies ("札幌マート",)
    商品部 野村様、佐々木様            people ("野村", "佐々木")
    Dear Erik and Ms. Lindqvist,  ->  people ("erik", "lindqvist")
    関係者各位                     ->  everybody

Names are given as `plain` makes them, so that they can be compared with those of addresses. Whatever is not surely a
greeting is none: a wrong name costs more than a missing one.
"""

import re
import unicodedata

import msgspec

from filters.detect.person_names import SURNAMES
from mail.charset import fold

LINES = 8
"""So many lines are looked at, blank ones left out."""
MOST = 12
"""People of one greeting."""

_QUOTED = re.compile(
    r"[>|＞]|-{3,} ?(?:original|forwarded|元の|転送)|(?:差出人|from|送信者) ?[:：]|on .{4,80} wrote:"
    r"|\d{4}[年/-]\d{1,2}[月/-]\d{1,2}.{0,60}(?:[:：]|wrote|書きました)$",
    re.IGNORECASE,
)
"""How the mail begins that is quoted."""
_RANKS = r"(?:部長|課長|室長|所長|局長|店長|工場長|社長|会長|専務|常務|主任|係長|次長)"
_HONORIFIC = (
    r"(?:様方|様|さま|さん|サン|殿|先生|氏|御中|各位|くん)(?=[\s、,・/&。!)(]|へ$|$|お世話|いつも|こんにちは)"
)
_CALLED = re.compile(rf"[\s、,・/&]{{0,4}}([^、,。・/&!?:\n]{{0,40}}?)({_HONORIFIC}|{_RANKS}(?=[、,・/]|$))")
CALLED = 200
"""Characters of a line in which names are looked for."""
_ENGLISH = re.compile(r"(?:dear|hi|hello|good (?:morning|afternoon|evening))[ ,]+([^,:!\n]{1,60})[,:!]?$")
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof|sir|madam)\b\.?")
_ALL = re.compile(
    r"皆様|皆さん|みなさ|皆々|ご?関係者|全員|一同|お客|お?取引先|各社|メンバー|\b(?:all|everyone|everybody|team|colleagues|"
    r"sirs?|madam|friends|folks|partners?|customers?)\b"
)
_FIRM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|一般社団法人|公益社団法人|一般財団法人|公益財団法人|社会福祉法人|学校法人|医療法人|"
    r"\(株\)|\(有\)|㈱|㈲|\b(?:co\.?,? ?ltd\.?|inc\.?|ltd\.?|llc|gmbh|ab|corp\.?|corporation|plc)(?![a-z])"
)
_UNIT = re.compile(
    r"^担当|(?:部|課|室|局|係|科|班|本部|支店|支社|営業所|事業所|工場|センター|事務局|チーム|グループ|窓口|受付|担当者?|"
    r"(?:部|課|室|所|局|店|工場|センター)長|社長|会長|専務|常務|取締役|代表|主任|係長|次長|主査|主幹|マネージャー|リーダー)$"
)
_RANK = re.compile(
    r"(?:代表取締役|取締役|執行役員|部長|課長|室長|所長|局長|店長|工場長|センター長|社長|会長|専務|常務|主任|係長|次長|マネージャー|リーダー){1,3}$"
)
_NAME = re.compile(r"[一-龥々ヶヵ𠮷﨑]{1,5}|[ァ-ヶー・]{2,10}|[ぁ-ん]{2,8}|[a-z][a-z'.-]{1,20}")
_OLD = str.maketrans("髙﨑塚德瀨邊邉齋齊斎澤濱廣櫻國嶋嶌槇𠮷冨", "高崎塚徳瀬辺辺斉斉斉沢浜広桜国島島槙吉富")
"""Forms of one character in names; people write either."""


class Greeting(msgspec.Struct, frozen=True):
    """Whom the first lines greet. `everybody`: all who get it, whoever they are; `line` is what was read, for people."""

    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    everybody: bool = False
    line: str = ""


def plain(name: str) -> str:
    """A name as it is compared: folded, lower case, no blanks, one form of each character."""
    return re.sub(r"[\s・.\-]", "", fold(name).lower().translate(_OLD))


def firm(name: str) -> str:
    """A company's name as it is compared: without its legal form."""
    return plain(_FIRM.sub("", fold(name).lower()).strip(" ,"))


def greeting(text: str) -> Greeting:
    """What the text greets; nothing where its first lines greet nobody."""
    companies: list[str] = []
    people: list[str] = []
    read: list[str] = []
    above: list[str] = []
    everybody = False
    for line in _first_lines(text):
        if match := _ENGLISH.match(line.lower()):
            read.append(line)
            everybody = everybody or bool(_ALL.search(match[1]))
            people += _latin(match[1])
            break
        called = list(_calls(line))
        if not called and read:
            break
        if not called:
            above = [*above, line] if _may_be_a_firm(line) else []
            continue
        read += [*above, line]
        companies += _firm_of(above)
        above = []
        for before, honorific in called:
            everybody = everybody or honorific == "各位" or bool(_ALL.search(before + honorific))
            if _ALL.search(before + honorific):
                continue
            company, person = _parted(before, honorific)
            companies += [company] if company else []
            people += [person] if person else []
    firms = tuple(dict.fromkeys(filter(None, map(firm, companies))))
    return Greeting(firms, tuple(dict.fromkeys(people))[:MOST], everybody, " ".join(read)[:200])


def _first_lines(text: str) -> list[str]:
    lines = []
    for line in text[:2_000].split("\n"):
        shown = unicodedata.normalize("NFKC", line).strip(" \t\r*_")
        if _QUOTED.match(shown):
            break
        if shown:
            lines.append(shown)
        if len(lines) == LINES:
            break
    return lines


def _calls(line: str) -> list[tuple[str, str]]:
    """(what stands before the honorific, the honorific) from the beginning of a line; a sentence has none."""
    line, found, at = line[:CALLED], [], 0
    while match := _CALLED.match(line, at):
        before = match[1].strip()
        if re.search(r"[をがはにでも]|ます|です", before) and not re.fullmatch("[ぁ-ん]{2,8}", before):
            break
        if not before and match[2] != "各位":
            break
        if re.fullmatch(_RANKS, match[2]) and fold(before.split()[-1]) not in SURNAMES:
            break
        found.append((match[1].strip(), match[2]))
        at = match.end()
    return found


def _may_be_a_firm(line: str) -> bool:
    return len(line) <= 40 and not re.search(r"[。!?!]|です|ます|ください|[をは]", line)


def _firm_of(lines: list[str]) -> list[str]:
    """The company of the lines that stand above a name: the first words, departments left out."""
    for line in lines:
        if words := [word for word in line.split() if not _UNIT.search(word)]:
            return ["".join(words[:1] if len(words) > 1 and not _FIRM.search(line) else words)]
    return []


def _parted(before: str, honorific: str) -> tuple[str, str]:
    """(company, person) of what stands before an honorific, "" for what does not."""
    words = [w for w in re.split(r"[\s\u3000]+", re.sub(r"\([^)]{0,20}\)", " ", before)) if w]
    if honorific in ("御中", "各位") or before.endswith(("担当", "担当者")):
        kept = [w for w in words if not _UNIT.search(w)]
        return "".join(kept[:1] if kept and not _FIRM.search(before) else kept), ""
    kept = [w for w in (_RANK.sub("", w) if len(w) > 4 or w in SURNAMES else w for w in words) if w]
    kept = [w for w in kept if not _UNIT.search(w) or w in SURNAMES]
    if not kept:
        return "", ""
    if len(kept) >= 2 and _is_full(kept[-2], kept[-1]):
        person, rest = kept[-2] + kept[-1], kept[:-2]
    else:
        person, rest = kept[-1], kept[:-1]
    person = plain(person)
    if not _NAME.fullmatch(person) and not (len(person) <= 8 and _NAME.match(person)):
        return "", ""
    return (rest[0] if rest else ""), person


def _is_full(surname: str, given: str) -> bool:
    """True for a surname and a given name, not for a company or department before a surname."""
    if not (_NAME.fullmatch(plain(surname)) and _NAME.fullmatch(plain(given))):
        return False
    if fold(given) in SURNAMES and fold(surname) not in SURNAMES:
        return False
    return fold(surname) in SURNAMES or (len(surname) <= 3 and len(given) <= 3)


def _latin(text: str) -> list[str]:
    if _ALL.search(text):
        return []
    found = []
    for each in re.split(r"\s{0,4}(?:,|&|/|\band\b)\s{0,4}", text):
        words = _TITLE.sub(" ", each).split()
        words = [w for w in words if w.endswith("-san") is False or len(w) > 4]
        found += [plain(words[-1].removesuffix("-san"))] if 1 <= len(words) <= 3 else []
    return [name for name in found if len(name) >= 2]
