"""Names of charsets: what a label means, whoever spells it how.

    known(label)     True when we can decode it
    decoder(label)   the decoder for it: a codec of Python's, "jis" or "euc" (mail.jis), "" for an unknown label

Sources: WHATWG Encoding Standard §4.2 (all its labels; those that it replaces are decoded where Python can), IANA
character sets, names that mail programs write. Beyond the table, case, hyphens, underscores and blanks do not count
(Unicode Technical Standard #22 §1.4), as in ICU.
"""

import re

_TABLE = {
    "ascii": "us-ascii ascii ansi_x3.4-1968 iso646-us csascii iso-ir-6",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 csutf8 utf8mb4",
    "utf-16": "utf-16 unicode csunicode ucs-2 iso-10646-ucs-2 unicodefeff",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be unicodefffe",
    "utf-32": "utf-32 ucs-4 iso-10646-ucs-4",
    "utf-32-le": "utf-32le",
    "utf-32-be": "utf-32be",
    "utf-7": "utf-7 unicode-1-1-utf-7 csunicode11utf7 unicode-2-0-utf-7 x-unicode-2-0-utf-7",
    "cp932": "shift_jis shift-jis sjis x-sjis csshiftjis ms932 ms_kanji windows-31j cswindows31j cp932 windows-932 "
    "x-ms-cp932 cp943 ibm943 x-mac-japanese sjis-win shift_jis-2004 shift_jisx0213 ms_kanji_2004",
    "euc": "euc-jp x-euc-jp eucjp euc_jp cseucpkdfmtjapanese eucjp-ms x-eucjp-ms eucjp-win cp51932",
    "jis": "iso-2022-jp csiso2022jp iso-2022-jp-1 iso-2022-jp-2 csiso2022jp2 iso-2022-jp-3 iso-2022-jp-2004 "
    "iso-2022-jp-ms cp50220 cp50221 cp50222 jis x-iso-2022-jp",
    "iso2022_kr": "iso-2022-kr csiso2022kr",
    "hz": "hz-gb-2312 hz",
    "gb18030": "gb18030 gbk x-gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 cp936 "
    "windows-936 ms936 euc-cn x-euc-cn cn-gb",
    "cp950": "big5 cn-big5 csbig5 x-x-big5 cp950 windows-950",
    "big5hkscs": "big5-hkscs",
    "cp949": "euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 "
    "windows-949 cp949 ms949",
    "johab": "johab",
    "koi8-r": "koi8-r cskoi8r koi koi8 koi8_r",
    "koi8-u": "koi8-u koi8-ru",
    "cp874": "windows-874 dos-874 tis-620 iso-8859-11 cp874",
    "mac-roman": "macintosh csmacintosh mac x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "cp437": "cp437 ibm437",
    "cp850": "cp850 ibm850",
    "cp852": "cp852 ibm852",
    "cp866": "cp866 ibm866 866 csibm866",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso_8859-1:1987 iso-ir-100 csisolatin1 latin1 l1 cp819 ibm819",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso_8859-9:1989 iso-ir-148 csisolatin5 latin5 l5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258 viscii",
    "iso8859-2": "iso-8859-2 iso_8859-2:1987 iso-ir-101 csisolatin2 latin2 l2",
    "iso8859-3": "iso-8859-3 iso_8859-3:1988 iso-ir-109 csisolatin3 latin3 l3",
    "iso8859-4": "iso-8859-4 iso_8859-4:1988 iso-ir-110 csisolatin4 latin4 l4",
    "iso8859-5": "iso-8859-5 iso_8859-5:1988 iso-ir-144 csisolatincyrillic cyrillic",
    "iso8859-6": "iso-8859-6 iso-8859-6-e iso-8859-6-i iso_8859-6:1987 iso-ir-127 csiso88596e csiso88596i "
    "csisolatinarabic arabic asmo-708 ecma-114",
    "iso8859-7": "iso-8859-7 iso_8859-7:1987 iso-ir-126 csisolatingreek greek greek8 ecma-118 elot_928 sun_eu_greek",
    "iso8859-8": "iso-8859-8 iso-8859-8-e iso-8859-8-i iso_8859-8:1988 iso-ir-138 csiso88598e csiso88598i "
    "csisolatinhebrew hebrew visual logical",
    "iso8859-10": "iso-8859-10 iso-ir-157 csisolatin6 latin6 l6",
    "iso8859-13": "iso-8859-13",
    "iso8859-14": "iso-8859-14",
    "iso8859-15": "iso-8859-15 csisolatin9 latin9 l9",
    "iso8859-16": "iso-8859-16",
}
"""Decoder -> labels. An allow list: labels such as `idna`, `undefined` or `unicode_escape` mean nothing."""

_APART = re.compile(r"[-_\s]+")

_DECODERS = {label: name for name, labels in _TABLE.items() for label in labels.split()}
_SPELLED = {_APART.sub("", label): name for label, name in _DECODERS.items()}
LABELS = tuple(_DECODERS)
"""Every label of the table."""
DECODERS = frozenset(_TABLE)


def decoder(label: str) -> str:
    """The decoder of a label as its sender wrote it; "" for an unknown one."""
    if not label:
        return ""
    if found := _DECODERS.get(label):
        return found
    name = label.strip().strip("\"'").strip().lower()
    return _DECODERS.get(name) or _SPELLED.get(_APART.sub("", name), "")


def known(label: str) -> bool:
    """True when the charset of this label can be decoded."""
    return decoder(label) != ""
