"""Telephone numbers as signatures write them, and which of them no numbering plan has (IN-SIGNATURE).

Numbers of Japan are judged by its plan (Telecommunications Numbering Plan, MIC), where the text is Japanese; those of other
countries, and whatever begins with + or 00 and a country, are not.
"""

import re
from functools import lru_cache

_PHONE = r"(\+?\(?\d[\d() .-]{6,18}\d)"
TEL = re.compile(rf"(?:tel|電話|携帯|直通|代表|phone|mobile|℡|☎)[^0-9+(\n]{{0,8}}{_PHONE}")
FAX = re.compile(rf"fax[^0-9+(\n]{{0,8}}{_PHONE}")
"""A number behind its label; the label of a TEL may stand before FAX, too."""
_NOWHERE = re.compile(r"\(?00\)?-(?!\d{1,3}\b)|\(?00\)?-\d(?!(?:\D*\d){9})|\(?0{3,}|\(?00\)(?! *\d{1,3}\b)")
"""Begins like no number of any numbering plan: 00-1234-5678. 00 and a country are written 0049, 00 49 or 00-49, and a whole
number follows."""
_JAPANESE = re.compile(r"[\u3041-\u30ff]|株式会社|有限会社|合同会社|\([株有]\)|〒")
"""What is written in Japanese tells Japanese numbers; others have plans of their own (020 7946 0958, 0221 98765432)."""


@lru_cache(maxsize=1)
def is_japanese(text: str) -> bool:
    """True for a text whose telephone numbers are those of Japan."""
    return _JAPANESE.search(text) is not None


def impossible(number: str, around: str) -> bool:
    """True when the number cannot be dialled; `around` is the text in which it stands, folded, in lower case."""
    if _NOWHERE.match(number) or _local(number):
        return True
    return not possible(digits(number)) and is_japanese(around)


def _local(number: str) -> bool:
    """True for a Japanese number, by its groups, whose exchange begins with 0, as none does: 03-0123-4567. Numbers of networks
    and of services have no exchange; 03-0000-… is a place kept free."""
    groups = re.findall(r"\d+", number)
    return (
        len(groups) == 3 and len(groups[2]) == 4 and sum(map(len, groups)) == 10 and groups[0][0] == "0"
        and groups[0] not in ("0120", "0570", "0990", "0180", "0170", "00") and groups[1][0] == "0" and set(groups[1]) != {"0"}
    )  # fmt: skip


def digits(text: str) -> str:
    """The digits alone; a number of Japan as it is dialled there."""
    bare = re.sub(r"[^\d+]", "", text)
    return "0" + bare[3:].removeprefix("0") if bare.startswith("+81") else bare


def possible(number: str) -> bool:
    """False for a Japanese number that the numbering plan does not have; foreign numbers pass."""
    if number.startswith(("0120", "0800", "0570", "0990")):
        return len(number) == (11 if number.startswith("0800") else 10)
    if number.startswith(("+", "00")) or not number.startswith("0"):
        return True
    if number.startswith("01"):  # also how some are dialled from here to abroad
        return len(number) >= 10
    if re.match(r"0[5-9]0", number):
        return len(number) == 11 and number[3] != "0"
    return len(number) == 10 and number[1] != "0"
