"""What one cell of a table may be: an address, a telephone number, a date of birth … (OUT-PII)."""

import re

from filters.detect import western
from filters.detect.person_names import ORGANISATION

MAIL = re.compile(r"^<?(?:mailto:)?([A-Za-z0-9._%+'\-]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,24})>?$")
_PHONE = re.compile(
    r"^(?:tel|t|m|携帯|電話)?[:. ]{0,2}(\(?\+?[0-9][0-9() .\-–/]{7,19}[0-9])(?: ?(?:x|ext|内線)\.? ?[0-9]{1,5})?$",
    re.IGNORECASE,
)
ABROAD = re.compile(r"^(?:\+?86[ -]?)?1[3-9][0-9]{9}$")
"""A mobile number of China, which is written in one piece."""
IBAN = re.compile(r"^[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?$")
LOST = re.compile(r"^[789]0[0-9]{8}(?:\.0)?$")
_LOST_ANY = re.compile(r"^\+?(?:[0-9][ ().\-]{0,2}){7,15}(?:\.0)?$")
_FREE = re.compile(r"^(?:0120|0800|0570|0088|1-?8(?:00|88|77|66))")
POSTAL = re.compile(r"^〒? ?[0-9]{3}-[0-9]{4}$")
_PLACE = re.compile(
    r"^(?:〒? ?[0-9]{3}-?[0-9]{4} ?)?(?:.{2,3}[都道府県])?[^0-9,]{1,14}[市区町村郡][^\n]{0,60}?(?:[0-9]|[一二三四五六七八九十]{1,3}(?:丁目|番))"
    r"|^(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県).{0,12}[市区町村郡]"
)
_BIRTH = re.compile(
    r"^(?:(?:明治|大正|昭和|平成|令和|[MTSHR]\.?) ?(?:[0-9]{1,2}|元)[年./\-] ?[0-9]{1,2}[月./\-] ?[0-9]{1,2}日?(?:生(?:まれ)?)?"
    r"|(?P<year>19[0-9]{2}|20[0-4][0-9])(?:[年./\-] ?[0-9]{1,2}[月./\-] ?[0-9]{1,2}日?|[01][0-9][0-3][0-9])(?:[T ][0-9:.Z]+|生(?:まれ)?)?"
    r"|[0-9]{1,2}[./\- ](?:[0-9]{1,2}|[A-Za-z]{3,9})[./\- ,]{1,2}(?P<last>19[0-9]{2}|20[0-4][0-9]))$"
)
BANK = re.compile(r"(?:銀行|信用金庫|信金|信用組合|農協|労働金庫|ゆうちょ)$|^(?:普通|当座)$")
KANA = re.compile(r"^[ァ-ヶー][ァ-ヶー ・]{2,18}$")
SEX = re.compile(r"^(?:男|女|男性|女性|[MF]|[mf]ale|[MF]ale|その他)$")
EMPTY = re.compile(r"^(?:|-+|ー|―|なし|無|該当なし|n/?a|null|none|nil|不明|未定|\*+)$", re.IGNORECASE)
ROLE = re.compile(
    r"^(?:info|contact|support|sales|office|admin|desk|help|service|order|recruit|saiyo|soumu|eigyo|keiri|team|group|pr|press|inquiry|mail|web|shop|store|hotel"
    r"|no-?reply)[a-z]*(?:[._+\-][a-z]*)?[0-9]*@",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"^[0-9]{1,5}[A-Za-z]?,? (?:[A-Z][\w'’.]*\.? ){0,4}[A-Z][\w'’.]+|(?i:\b(?:straße|strasse|str\.|rue|calle|via|avenida|plaza|laan|straat|weg)\b)|[0-9]{5}(?:-[0-9]{4})? [A-Z]|[A-Z]{2} [0-9]{5}$"
)
MAY_BE_PLACE = re.compile(r"[0-9市区町村郡]|(?i:stra(?:ß|ss|at)|str\.|rue|calle|via|avenida|plaza|laan|weg)")
"""What stands in each cell that `is_place` says is one."""

_TOLD = re.compile(
    r"(?<![0-9])[0-9]{1,3} ?(?:歳|才)|(?:月給|年収|年俸|時給|日給|基本給|賞与|給与|手当)(?:[^0-9]{0,4})[0-9]"
    r"|(?:うつ病|糖尿病|高血圧|肺炎|喘息|骨折|癌|がん|妊娠|インフルエンザ|発熱)|\b(?:aged?|salary) \$?[0-9]|\byears old"
    r"|^(?:passport|passeport|pasaporte|reisepass|nationality|nationalité|nacionalidad|staatsangehörigkeit|dni|d\.?o\.?b|born|geb\.|née?|旅券|国籍|本籍)[ :.#]",
    re.IGNORECASE,
)
"""What is said of nobody but people, without a heading."""


def is_told(value: str) -> bool:
    """An age, what somebody earns or suffers from, said in words."""
    return len(value) <= 40 and _TOLD.search(value) is not None


def is_number(value: str) -> bool:
    return sum(c.isdigit() for c in value) * 2 > len(value)


def is_organisation(value: str) -> bool:
    return ORGANISATION.search(value) is not None


def is_company(value: str) -> bool:
    return is_organisation(value) and not is_place(value)


def is_mobile(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return digits.startswith(("070", "080", "090", "8170", "8180", "8190")) or LOST.match(digits) is not None


def is_phone(value: str, *, lost: bool = False) -> bool:
    if lost and _LOST_ANY.match(value):
        return True
    match = _PHONE.match(value)
    if match is None or _FREE.match(value):
        return False
    digits = re.sub(r"\D", "", match[1])
    if digits.startswith("0"):
        return len(digits) in (10, 11) and not digits.startswith("00")
    if match[1].startswith("+"):
        return 8 <= len(digits) <= 15
    return (
        western.number(match[1]) != ""
        and not match[1].isdigit()
        and re.search("[ ().-]", match[1]) is not None
    )


def is_place(value: str) -> bool:
    return len(value) >= 4 and (_PLACE.search(value) is not None or _STREET.search(value) is not None)


def is_birth(value: str) -> bool:
    """A date on which somebody who works today may have been born."""
    match = _BIRTH.match(value)
    if match is None:
        return False
    year = match["year"] or match["last"]
    return not value.startswith(("令和", "R", "明治", "M")) and (year is None or 1925 <= int(year) <= 2015)
