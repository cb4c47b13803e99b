"""Shortcuts: Windows .lnk by LnkParse3, and the small text formats that lead elsewhere (url, scf, library-ms, search-ms)."""

import io
import re

import LnkParse3

from filters.extract.found import Found
from filters.extract.strings import wide

_TARGETS = re.compile(
    r"(?im)^\s*(?:URL|IconFile|IconLocation|Command|TargetPath|WorkingDirectory)\s*=\s*([^\r\n]{1,300})|<url>([^<]{1,300})</url>|(?:href|src)=\"([^\"]{1,300})\""
)


def read(content: bytes, found: Found) -> None:
    """Read target, arguments and icon of a .lnk as text; what is damaged is still a shortcut."""
    found.budget.take_bytes(len(content))
    lines: list[str] = []
    try:
        data = LnkParse3.lnk_file(io.BytesIO(content[:1_000_000]), cp="cp932").get_json()
        lines = _texts(data.get("link_info", {})) + _texts(data.get("data", {}))
    except Exception:
        lines = []
    if not lines:
        lines = wide(content[:100_000]).split("\n")
    text = "\n".join(dict.fromkeys(line for line in lines if line.strip()))
    found.text("shortcut", text)
    found.sign("shortcut", " ".join(text.split("\n")))
    found.verdicts.append("ok")


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) and len(value) > 3 else []


def textual(text: str, found: Found) -> None:
    """The sign of a shortcut that is a text."""
    targets = [next(filter(None, m.groups()), "") for m in _TARGETS.finditer(text[:100_000])]
    found.sign("shortcut", " ".join(targets[:5]))
