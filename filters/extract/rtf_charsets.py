"""Which encoding the bytes of an RTF file are in: of its code page, its fonts' charsets, the language.

Sources: Rich Text Format 1.9.1 (\\ansicpg, \\fcharset, \\cpg, \\cchs, \\loch, \\hich, \\dbch); MS-WMF 2.1.1.5 (charsets).
"""

import re

CHARSETS = {
    77: "mac-roman", 78: "shift_jis", 79: "cp949", 80: "gb18030", 81: "cp950", 83: "cp1255", 84: "cp1256",
    85: "mac-greek", 86: "mac-turkish", 87: "cp874", 88: "mac-latin2", 89: "mac-cyrillic", 128: "cp932", 129: "cp949",
    130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255",
    178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""A font's charset -> codec. 0 and 1 mean the document's own code page."""
_PAGES = {
    10000: "mac-roman", 10001: "shift_jis", 10006: "mac-greek", 10007: "mac-cyrillic", 10029: "mac-latin2",
    936: "gb18030", 54936: "gb18030", 20932: "euc_jp", 51932: "euc_jp", 51949: "euc_kr", 1361: "johab", 65001: "utf-8",
}  # fmt: skip
_WINDOWS = (
    437,
    720,
    737,
    775,
    850,
    852,
    855,
    857,
    858,
    860,
    861,
    862,
    863,
    864,
    865,
    866,
    869,
    874,
    932,
    949,
    950,
    *range(1250, 1259),
)
"""Other code pages that documents name."""
LANGUAGES = {1041: "cp932", 1042: "cp949", 2052: "gb18030", 1028: "cp950", 1049: "cp1251"}
"""A document's language -> its code page, when it does not name one."""
DOUBLE = frozenset(["cp932", "shift_jis", "cp949", "gb18030", "cp950", "johab", "euc_jp", "euc_kr"])
_KANA = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]|(?:[\x88-\x9f][\x40-\x7e\x80-\xfc]){2}")


def codec_of(page: int) -> str:
    """The codec of a Windows code page; cp1252 for those unknown."""
    return _PAGES.get(page) or (f"cp{page}" if page in _WINDOWS else "cp1252")


def decoded(raw: bytes, codec: str, japanese: bool) -> str:
    """The text of `raw`. `japanese`: some font of the document has the Japanese charset, so that bytes said to be Western
    which only make sense as Shift_JIS are that: kana, or ideographs whose first bytes no Western text has."""
    if raw.isascii():
        return raw.decode("ascii")
    if japanese and codec not in DOUBLE and _KANA.search(raw):
        try:
            return raw.decode("cp932")
        except UnicodeDecodeError:
            pass
    return raw.decode(codec, "replace")


for _codec in {*CHARSETS.values(), *_PAGES.values(), *(f"cp{page}" for page in _WINDOWS), "utf-16-be"}:
    "".encode(_codec)  # loaded now: behind the walls there is no file to load it from
