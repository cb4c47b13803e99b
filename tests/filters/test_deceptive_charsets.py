"""OUT-BODY: 社外秘 in the text of a mail is found whatever charset it is written in, labelled as, or hidden by.

MISSED lists the cases known not to be found, each with its reason (at most two in a hundred).
"""

import base64

import pytest

from filters.examine import run
from filters.ruleset import prepare
from tests.filters.mails import SENDER, facts, policy

MARK = "社外秘"
LINE = "お世話になっております。この資料は社外秘です。お取り扱いにご注意ください。"
PREPARED = prepare(policy())
FINDS = {"confidential_body", "confidential_attachment", "class_approval"}


def mail(body: bytes, charset: str, encoding: str = "8bit", kind: str = "text/plain") -> bytes:
    label = f"; charset={charset}" if charset else ""
    if encoding == "base64":
        body = base64.encodebytes(body).replace(b"\n", b"\r\n")
    head = (
        f"From: {SENDER}\r\nTo: tanaka@partner.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {kind}{label}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n"


def jis(text: str, escape: bytes = b"\x1b$B") -> bytes:
    return text.encode("iso2022_jp").replace(b"\x1b$B", escape)


BODIES = {
    "utf-8": LINE.encode(),
    "utf-8 with mark": b"\xef\xbb\xbf" + LINE.encode(),
    "shift_jis": LINE.encode("cp932"),
    "euc-jp": LINE.encode("euc_jp"),
    "iso-2022-jp": jis(LINE),
}
LABELS = {
    "utf-8": ("utf-8", "UTF8", "us-ascii", "iso-8859-1", "windows-1252", "", "unknown-8bit", "x-none", "iso-2022-jp"),
    "utf-8 with mark": ("utf-8", ""),
    "shift_jis": ("shift_jis", "Windows-31J", "cp932", "us-ascii", "iso-8859-1", "", "utf-8", "x-none", "iso-2022-jp", "iso-8859-15"),
    "euc-jp": ("euc-jp", "us-ascii", "iso-8859-1", "", "utf-8", "x-euc-jp", "iso-2022-jp"),
    "iso-2022-jp": ("iso-2022-jp", "ISO-2022-JP-MS", "us-ascii", "iso-8859-1", "", "utf-8", "shift_jis", "euc-jp", "x-none"),
}  # fmt: skip
CASES: dict[str, bytes] = {}
for _body, _labels in LABELS.items():
    for _label in _labels:
        CASES[f"{_body} as {_label or 'nothing'}"] = mail(BODIES[_body], _label)
for _codec, _label in (
    ("utf-16", "utf-16"), ("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be"), ("utf-16", "utf-8"), ("utf-16", ""),
    ("utf-32", "utf-32"), ("utf-7", "utf-7"), ("utf-7", "unicode-1-1-utf-7"), ("utf-16", "us-ascii"), ("utf-16-be", "utf-16"),
    ("utf-16-le", "utf-16"), ("utf-16-le", ""), ("utf-7", "us-ascii"), ("utf-7", ""), ("utf-32", ""),
):  # fmt: skip
    CASES[f"{_codec} as {_label or 'nothing'}, base64"] = mail(LINE.encode(_codec), _label, "base64")
for _codec, _label in (
    ("hz", "hz-gb-2312"),
    ("gb18030", "gb18030"),
    ("gb18030", "gbk"),
    ("big5hkscs", "big5-hkscs"),
    ("gb2312", "gb2312"),
):
    CASES[f"{_codec} as {_label}"] = mail("社外秘".encode(_codec, "ignore") * 2, _label)
TEXTS = {
    "half-width kana around": "添付のﾃﾞｰﾀは社外秘です",
    "zero-width space": "社\u200b外\u200b秘",
    "zero-width joiner": "社\u200d外\u200c秘",
    "word joiner": "社\u2060外\u2060秘",
    "soft hyphen": "社\u00ad外\u00ad秘",
    "byte order mark inside": "社\ufeff外\ufeff秘",
    "variation selectors": "社\ufe00外\U000e0100秘",
    "tag characters": "社\U000e0041外\U000e0042秘",
    "right-to-left marks": "社\u200f外\u200e秘",
    "Hangul filler": "社\u3164外\u3164秘",
    "blanks": "社 外 秘",
    "full-width blanks": "社　外　秘",
    "no-break blanks": "社\u00a0外\u00a0秘",
    "tabs": "社\t外\t秘",
    "thin blanks": "社\u2009外\u200a秘",
    "line break": "社\r\n外秘",
    "line breaks": "社\r\n外\r\n秘",
    "line break and blank": "社外\r\n 秘",
    "middle dots": "社・外・秘",
    "full stops": "社.外.秘",
    "slashes": "社/外/秘",
    "underscores": "社_外_秘",
    "hyphens": "社-外-秘",
    "full-width hyphens": "社－外－秘",
    "bars": "社|外|秘",
    "old form": "社外祕",
    "compatibility form of 社": "\ufa4c外秘",
    "compatibility form of 祕": "社外\uf985"[:2] + "祕",
    "Kangxi radicals beside": "⽰社外秘",
    "variant names beside": "髙﨑様 社外秘",
    "NEC row 13 beside": "①㈱ 社外秘 №",
    "in brackets": "【社外秘】",
    "spaced stamp": "【 社 外 秘 】",
    "combining mark behind": "社外秘\u3099",
    "circled beside": "㊙社外秘",
    "upper-case English": "CONFIDENTIAL",
    "full-width English": "ＣＯＮＦＩＤＥＮＴＩＡＬ",
    "mathematical English": "\U0001d402\U0001d40e\U0001d40d\U0001d405\U0001d408\U0001d403\U0001d404\U0001d40d\U0001d413\U0001d408\U0001d400\U0001d40b",
    "other mark": "部外秘",
    "homoglyph of 外 (katakana タト)": "社タト秘",
    "homoglyph of 社 (ネ土)": "ネ土外秘",
    "Cyrillic and Latin": "Соnfidential",
}  # fmt: skip
for _name, _text in TEXTS.items():
    CASES[_name] = mail(f"資料を送ります。\r\n{_text}\r\nよろしくお願いします。".encode(), "utf-8")
for _name, _bytes in {
    "NEC row 13 in JIS": b"\x1b$B-!" + jis(LINE)[3:],
    "JIS X 0208-1978": jis(LINE, b"\x1b$@"),
    "long escape": jis(LINE, b"\x1b$(B"),
    "doubled escapes": jis(LINE, b"\x1b$B\x1b$B"),
    "escape back and forth": b"\x1b$B" + b"\x1b(B\x1b$B".join([jis(c)[3:5] for c in LINE]) + b"\x1b(B",
    "roman instead of ASCII": jis(LINE).replace(b"\x1b(B", b"\x1b(J"),
    "single shift before": b"\x0e\x0f" + jis(LINE),
    "half-width by escape": b"\x1b(I1\x1b(B" + jis(LINE),
    "line of ASCII first": b"Hello,\r\n" + jis(LINE),
    "UTF-8 and Shift_JIS lines": "資料です。\r\n".encode() + LINE.encode("cp932"),
    "UTF-8 and JIS lines": "資料です。\r\n".encode() + jis(LINE),
    "JIS hidden behind Latin": "café\r\n".encode("latin-1") + jis(LINE),
}.items():
    for _label in ("iso-2022-jp", "utf-8"):
        CASES[f"{_name} as {_label}"] = mail(_bytes, _label)
HTML = {
    "tags between": "社<b>外</b>秘",
    "comment between": "社<!-- x -->外秘",
    "references": "&#31038;&#22806;&#31192;",
    "hexadecimal references": "&#x793e;&#x5916;&#x79d8;",
    "empty spans": "社<span></span>外<wbr>秘",
    "references to invisible": "社&#8203;外&zwnj;秘",
}
for _name, _html in HTML.items():
    CASES[f"HTML, {_name}"] = mail(
        f"<html><body><p>{_html}</p></body></html>".encode(), "utf-8", kind="text/html"
    )
CASES["base64 in pieces"] = mail(b"", "utf-8", "base64") + b"\r\n".join(
    base64.b64encode(LINE.encode()[i : i + 3]) for i in range(0, len(LINE.encode()), 3)
)
CASES["base64 as text"] = mail(base64.encodebytes(LINE.encode() * 3).replace(b"\n", b"\r\n"), "utf-8")

MISSED = {
    "homoglyph of 外 (katakana タト)": "two katakana drawn like one kanji are two real letters of ordinary words",
    "homoglyph of 社 (ネ土)": "the two halves of a kanji are real characters of ordinary words",
}
"""Cases that are not found, with the reason."""


def found(raw: bytes) -> bool:
    result = run(raw, facts("tanaka@partner.example"), PREPARED)
    # Damage to the mail itself may send it back, too; here the words must have been read.
    return bool({f.rule for f in result.findings} & FINDS)


def test_there_are_enough_cases_and_few_are_missed() -> None:
    assert len(CASES) >= 80
    assert len(MISSED) <= 0.02 * len(CASES)
    assert MISSED.keys() <= CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_the_mark_is_found(name: str) -> None:
    assert found(CASES[name]) is (name not in MISSED)
