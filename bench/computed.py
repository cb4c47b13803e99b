"""Words of a reference that no file holds, because the other reader computes or invents them: counted apart, by reason.

    damaged   the file is damaged, and the other reader makes letters of its octets
    pivot     the file has a pivot table, which LibreOffice computes anew: its labels, and figures
    digits    a number that the file holds, in other digits: rounded, or without its exponent
    errors    what LibreOffice says of a formula that it cannot compute
    numbering numbers of lists, which are drawn and not written; the placeholder <number>

What is left after these is missing: text that the file holds and that was not found.
"""

import re
import zipfile
from pathlib import Path

REASONS = ("damaged", "pivot", "digits", "errors", "numbering")
_LABELS = frozenset(
    ("total", "result", "sum", "data", "empty", "count", "average", "of", "max", "min", "years", "quarters", "months",
     "q1", "q2", "q3", "q4")
)  # fmt: skip
_ERRORS = frozenset(
    ("err", "502", "503", "504", "508", "509", "519", "522", "524", "n", "a", "value", "macro", "ref", "div")
)
_ROMAN = re.compile(r"[ivxlc]{1,6}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
SIGNIFICANT = 6
"""Digits by which two forms of a number are one."""


def apart(path: Path, verdict: str, missing: list[str], ours: str) -> dict[str, str]:
    """Word -> reason, for those of the missing words that no file holds."""
    known = _digits(ours)
    pivot = has_pivot(path)
    kind = path.suffix.lstrip(".").lower()
    found: dict[str, str] = {}
    for word in missing:
        if verdict == "corrupt":
            found[word] = "damaged"
        elif pivot and (word.isdecimal() or word in _LABELS):
            found[word] = "pivot"
        elif word.isdecimal() and any(part in known for part in _beginnings(word)):
            found[word] = "digits"
        elif kind in ("xls", "xlsx", "xlsm") and word in _ERRORS:
            found[word] = "errors"
        elif (
            kind in ("odt", "doc", "docx", "rtf")
            and (_ROMAN.fullmatch(word) or (word.isdecimal() and len(word) < 3))
        ) or (kind in ("ppt", "pptx", "odp", "ppsx") and word == "number"):
            found[word] = "numbering"
    return found


def has_pivot(path: Path) -> bool:
    """Whether a workbook has a pivot table."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/pivotTables/") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _digits(text: str) -> set[str]:
    """The first digits of all numbers in a text, with and without what stands before the point."""
    found: set[str] = set()
    for number in _NUMBER.findall(text):
        for digits in (number.replace(".", ""), number.partition(".")[2]):
            found.update(_beginnings(digits))
    return found


def _beginnings(digits: str) -> list[str]:
    """The significant digits, as many as count, cut and rounded up."""
    digits = digits.lstrip("0")
    if len(digits) < SIGNIFICANT:
        return []
    cut = digits[:SIGNIFICANT]
    return [cut, str(int(cut) + 1)]
