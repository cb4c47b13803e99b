"""Patterns that cost the square of their text (reliability T33b): as they were, and that the new ones find the same.

Compared are what the rules see of them, on texts put together at random from pieces that matter to each, with
full-width digits, ideographic blanks and characters of no width among them.
"""

import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from filters.detect import accounts, credentials
from filters.extract import active, html, keys, ooxml, pdf, shortcut, textfile, textkinds, xmltext
from filters.inbound import foreign_characters, numeric_link, odd_sender, unfilled_template
from filters.lures import phrases
from filters.rewriters import bcc, insertion, styles, written_page
from gateway.authenticate import spf_record
from mail import address, encoding

_OLD_PASSWORD = (
    r"(?:(?:パスワード|暗証番号|パスフレーズ|パス(?=[ 　]{0,3}[:=は]))(?:[ ]?\([^)\n]{0,20}\))?|(?<![a-z])(?:(?i:passwords?|passwd|passphrase|pass ?code|pwd|pw|pass)))"
    r"\s{0,3}(?:は[、,]?|[:=\x1f]|is)\s{0,3}[\"'「『]?(?P<word>[!-~]{4,64})"
)
SHAPES = {first: shape for shape in credentials.SHAPES for first in shape.firsts}
EVERYWHERE = (" ", "\u3000", "\u00a0", "\t", "\n", "１２", "٣", "\u200b", "あ", "a", "Z", "9")
OCTETS = tuple(" \t\r\n:;=\"'<>(a9")
TIMES = 1_500


class Mended(NamedTuple):
    name: str
    old: Callable[[Any], Any]
    new: Callable[[Any], Any]
    pieces: str
    """Pieces that matter, separated by blanks; "␣" is a blank in one."""
    octets: bool = False
    among: tuple[str, ...] = EVERYWHERE

    def text(self, draw: random.Random) -> Any:
        own = [piece.replace("␣", " ") for piece in self.pieces.split(" ")]
        pieces = [*own, *own, *(OCTETS if self.octets and self.among is EVERYWHERE else self.among)]
        text = "".join(draw.choices(pieces, k=draw.randrange(1, 14)))
        return text.encode() if self.octets else text


def spans(pattern: str, flags: int = 0) -> Callable[[str], Any]:
    return lambda text: [m.span() for m in re.finditer(pattern, text, flags)]


def groups(pattern: "str | bytes", flags: int = 0) -> Callable[[Any], Any]:
    return lambda text: [m.groups() for m in re.finditer(pattern, text, flags)]


def words(pattern: "str | re.Pattern[str]", flags: int = 0) -> Callable[[str], Any]:
    """What `script_in` takes of a match; where it begins is another line when blank lines are before it."""
    compiled = re.compile(pattern, flags)
    return lambda text: [m[0].strip().lower()[:24] for m in compiled.finditer(text)]


def old_dde(text: str) -> bool:
    return bool(
        re.search(
            r"(?:^|[,;\t\n\"])\s*[=+\-@]\s*(?:[A-Za-z]:\\[^|\n]{0,100}|[A-Za-z.]{2,20})\|\s*['\"]?[^\n]{1,80}!",
            text,
        )
    )


def old_offset(body: bytes, at: int) -> int:
    seen = place = 0
    for token in re.finditer(rb"=[0-9A-Fa-f]{2}|=[ \t]*\r?\n|[ \t]+(?=\r?\n)|.", body, re.DOTALL):
        if seen >= at:
            break
        place = token.end()
        if (token[0][:1] == b"=" and len(token[0]) == 3 and token[0][1:2] not in b" \t\r\n") or (
            len(token[0]) == 1 and token[0] not in b" \t"
        ):
            seen += 1
        elif token[0][:1] in b" \t" and not re.match(rb"[ \t]*\r?\n", body[token.start() : token.end() + 2]):
            seen += len(token[0])
    return place


def old_tags(data: bytes) -> bytes:
    data = re.sub(
        rb"</(?:[\w.-]+:)?(?:p|si|row|comment|lpwstr|(?:odd|even|first)(?:Header|Footer))>|<(?:[\w.-]+:)?(?:br|cr)\b[^>]*>",
        b"\n", data,
    )  # fmt: skip
    data = re.sub(rb"</(?:[\w.-]+:)?(?:c|tc|v|is)>|<(?:[\w.-]+:)?tab\b[^>]*>", b"\t", data)
    return re.sub(rb"<[^>]*>", b"", data)


def old_wrapped(word: str) -> str:
    return re.sub(r"^[\s:：=＝\-'\"「『【\[(<“‘]+|[\s'\"」』】\])>”’,.;。、]+$", "", word)


_OLD_WORD = r"(?:first|last|full|user|nick|your|my|rand\w*|random\w*|e?mail|name|num\w*|subject|domain|company|letter\w*|string|date|time|link|url|code|token|id|mc:\w+)"
_OLD_INSIDE = (
    rf"{_OLD_WORD}(?:[-_ .]{{0,2}}(?:{_OLD_WORD}|name|low|up|[0-9]{{1,4}})){{0,4}}\d{{0,4}}(?:_\d+%)?"
)
_OLD_HOLE = re.compile(
    rf"\{{\{{?\s?{_OLD_INSIDE}\s?\}}?\}}|%{_OLD_INSIDE}%|%random\d*_\d+%|\*\|{_OLD_INSIDE}\|\*|\[(?:rand\w*[-_ ]|{_OLD_WORD}[-_]){_OLD_INSIDE}\]|\$\{{{_OLD_INSIDE}\}}|"
    r"##[A-Z_]{3,20}##|\{numero\}|\{\d\}",
    re.IGNORECASE,
)
_OLD_SPF = (
    r"(?:(?:[!-$&-~]|%(?:\{[slodiphv][0-9]{0,3}r?[-.+,/_=]*\}|[%_-]))*"
    r"(?:\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?|%(?:\{[slodiphv][0-9]{0,3}r?[-.+,/_=]*\}|[%_-])))"
)
_OLD_CALLED = re.compile(
    r"[（(]?[ァ-ヶー・]{0,20}[)）]?\s?(?:様|さま|さん|氏|殿|先生|社|と申し|と申します|です[。\s]|より[、。\s]|から(?:の|も|は|、)|の[\u4e00-\u9fff]{1,4}(?:です|と申し|様))"
)
_I, _IM = re.IGNORECASE, re.IGNORECASE | re.MULTILINE
MENDED = [
    Mended(
        "_BATCH", lambda t: bool(re.search(r"^\s*@?echo off\b|^\s*(?:@?(?:start|call|set|goto|if exist)\s.*\n){3}", t, _IM)),
        lambda t: bool(textkinds._BATCH.search(t)), "@ @echo␣off set\n set␣a\n call\tx\n call\tx\n start␣b\n \n\r\n @set\u3000x\n \n",
    ),
    Mended(
        "_POWERSHELL",
        words(r"\$[A-Za-z_]\w*\s*=\s*(?:New-Object|\[|Get-|Invoke-)|\b(?:Invoke-Expression|Invoke-WebRequest|Start-Process|New-Object|Set-ExecutionPolicy|Write-Host|Get-ChildItem|IEX)\b|^\s*param\s*\(|-(?:EncodedCommand|ExecutionPolicy)\b", _IM),
        words(textkinds._POWERSHELL), "param ( param( \nparam( $a = [ IEX -EncodedCommand \n\n",
    ),
    Mended(
        "_BASIC",
        words(r"\b(?:CreateObject|WScript\.\w+|ActiveXObject|GetObject)\s*\(?|^\s*(?:Dim|Set|Const|Sub|On Error Resume)\b.*$|^\s*End (?:Sub|If|Function)\b", _IM),
        words(textkinds._BASIC), "Dim Dim\u3000x \nSet \nSub End If GetObject ( \n\n",
    ),
    Mended(
        "_JAVASCRIPT",
        words(r"\b(?:var|let|const)\s+\w+\s*=|\bfunction\s*\w*\s*\([^)]*\)\s*\{|\b(?:eval|unescape|String\.fromCharCode|ActiveXObject|WScript\.\w+|document\.write)\s*\("),
        words(textkinds._JAVASCRIPT), "function ( ) { var = eval( let\u3000変数 function\u3000f",
    ),
    Mended(
        "_TARGETS",
        groups(r"(?im)^\s*(?:URL|IconFile|IconLocation|Command|TargetPath|WorkingDirectory)\s*=\s*([^\r\n]{1,300})|<url>([^<]{1,300})</url>|(?:href|src)=\"([^\"]{1,300})\""),
        lambda t: [m.groups() for m in shortcut._TARGETS.finditer(t)], "URL = URL= \nIconFile=x <url> </url> href=\" \" \r\n",
    ),
    Mended(
        "_SCRIPT",
        spans(r"<(?:[\w-]{1,20}:)?script\b|\bon(?:load|error|click|mouseover|focus|begin|toggle|submit|pageshow|animationstart)\s*=|(?:href|src|action|data|xlink:href)\s*=\s*[\"']?\s*(?:javascript|vbscript|data:text/html)\s*[:,;]", _I),
        lambda t: [m.span() for m in active._SCRIPT.finditer(t)], "href = \" ' javascript : href=\"javascript: onload <script data",
    ),
    Mended("dde", old_dde, lambda t: bool(textfile.dde(t)), "= =cmd|x! @cmd|'␣x! + cmd cmd| | ' ! , ; \" A:\\x| \n"),
    Mended(
        "_MIXED",
        spans(r"[a-z]{1,20}[\u0400-\u052f]+[a-z]*|[\u0400-\u052f]+[a-z]{1,20}|[a-z]{3,20}[\u0370-\u03ff]+[a-z]*|[\u0370-\u03ff]+[a-z]{3,20}", _I),
        lambda t: [m.span() for m in foreign_characters._MIXED.finditer(t)], "а а Я абв μ Ω αβ a ab abc K ſ µ \u1c80 abcdefghijklmnopqrstuvwxyz",
    ),
    Mended(
        "_CALLED", lambda t: (m := _OLD_CALLED.match(t)) and m.span(),
        lambda t: (m := foreign_characters._CALLED.match(t)) and m.span(), "( （ ア ー アイウ ) ） 様 です です。 の から の 山 と申し アアアアアアアアアアアアアアアアアアアア",
    ),
    Mended("_CASES", lambda t: bool(re.match(r"(?=.*[a-z].*[A-Z])(?=.*[A-Z].*[a-z])[A-Za-z0-9]{6,}$", t)), lambda t: bool(odd_sender._CASES.match(t)), "a B c D 1 aB Ab"),
    Mended(
        "_LATIN_LOOKING", spans(r"(?<=[a-z])[а-яёѕіјӏԁԝһα-ω]+|[а-яёѕіјӏԁԝһα-ω]+(?=[a-z])"),
        lambda t: [m.span() for m in phrases._LATIN_LOOKING.finditer(t)], "а ѕ α аа a b z я",
    ),
    Mended(
        "_NUMERIC",
        lambda t: bool(re.fullmatch(r"(?:[a-z.-]*[.-])?\d{1,3}(?:\.\d{1,3}){3}(?:\.[a-z.-]+)?|(?:[a-z.-]*[.-])?\d{1,3}(?:-\d{1,3}){3}(?:\.[a-z0-9.-]+)|0x[0-9a-f]+|\d{6,10}|[0-9a-f:]*:[0-9a-f:]+", t, _I)),
        lambda t: bool(numeric_link._NUMERIC.fullmatch(t)), ": :: a f 1 255 . - 0x 1.2.3.4 １.2.3.4 : : ffff",
    ),
    Mended("hole", lambda t: (m := _OLD_HOLE.search(t)) and m.span(), lambda t: (m := unfilled_template._HOLE.search(t)) and m.span(), "{ { } } % [ ] * | *| |* ${ rand random rand_ num _ - name first up 1 12 _5% letter mc: num_name date"),
    Mended(
        "in brackets", lambda t: (m := re.search(rf"\[{_OLD_INSIDE}\]", t, _I)) and m.span(),
        lambda t: (m := unfilled_template._IN_BRACKETS.search(t)) and m.span(), "[ [first [rand [num_ ] ] rand random rand_ num _ - name first up 1 12 _5% letter num_name date",
    ),
    Mended(
        "JWT", spans(r"(?<![A-Za-z0-9])eyJ[A-Za-z0-9_\-]{10,3000}\.eyJ[A-Za-z0-9_\-]{10,6000}\.[A-Za-z0-9_\-]{16,1500}"),
        lambda t: [m.span() for m in SHAPES["eyj"].pattern.finditer(t)], "eyJ eyJ eyJabcdefghij .eyJabcdefghij . .abcdefghijklmnop eyj -",
        among=("a", "9", " ", "あ", "-"),
    ),
    Mended(
        "password", groups(_OLD_PASSWORD), lambda t: [m.groups() for m in accounts._WORD.finditer(t)],
        "パスワード 暗証番号 パスフレーズ パス (仮) ␣( ) password Passwords PASSWD passphrase pass␣code pwd PW pass ſ は is : = \x1f \" 「 abcd x1y2 z p",
    ),
    Mended("_AROUND", lambda t: re.sub(r"\s*([@.])\s*", r"\1", t), lambda t: bcc._AROUND.sub("", t), "@ . @ . a@b"),
    Mended(
        "written_page.bare", lambda t: re.sub(r"(?i)^\s*(?:h(?:xx|tt)ps?://|mailto:|tel:)?|[\s/]+$", "", t).replace("[.]", ".").lower(),
        written_page.bare, "http:// hxxps:// / // [.] MAILTO: x.example",
    ),
    Mended(
        "_CALL", lambda t: {c.lower() for c in re.findall(r"([\w-]*)\s*\(", t)},
        lambda t: {(m[1] or "").lower() for m in styles._CALL.finditer(t)}, "( ) ( rgb url - rgb( ,",
    ),
    Mended("keys", old_wrapped, lambda t: t.lstrip(keys._BEFORE).rstrip(keys._BEHIND), "\" ' ( ) [ ] < > , . ; : - = a", among=("1",)),
    Mended(
        "_SPEC", lambda t: (m := re.search(r'(?:"[^"]*"|[^\s<>()",;:@]+)@[^\s<>()",;:]+', t)) and m.span(),
        lambda t: (m := address._SPEC.search(t)) and m.span(), "\" \" @ @ a b.c < > ( ) , ;",
    ),
    Mended("SPF", lambda t: bool(re.fullmatch(_OLD_SPF, t, _I)), lambda t: bool(spf_record._DOMAIN.fullmatch(t)), ". . a 1 a1 - %{d} %{i2r.} %% _x .com .1 .1a .a-b ! é"),
    Mended(
        "_META", groups(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", _I),
        lambda t: [m.groups() for m in html._META.finditer(t)], "<meta charset charset= \" ' utf-8 = >", octets=True,
    ),
    Mended(
        "_QUOTED", groups(rb"^([A-Z-]+(?:;[^:\r\n]*)?;?ENCODING=QUOTED-PRINTABLE[^:\r\n]*):((?:[^\r\n]*=\r?\n)*[^\r\n]*)", _IM),
        lambda t: [m.groups() for m in textfile._QUOTED.finditer(t)], "N FN \nN; ; ENCODING=QUOTED-PRINTABLE ;ENCODING=QUOTED-PRINTABLE: QUOTED-PRINTABLEENCODING=QUOTED-PRINTABLE : : =E3 =\r\n \n CHARSET=x", octets=True,
    ),
    Mended(
        "_FIELD", groups(rb"<w:instrText\b[^>]*>([^<]*)<|<w:fldSimple\b[^>]*?w:instr=\"([^\"]*)"),
        lambda t: [m.groups() for m in ooxml._FIELD.finditer(t)], "<w:instrText> <w:instrText␣a=\"\"> DDE <w:t> <w:fldSimple␣w:instr=\"x\"> <w:fldSimple␣a=\"\"␣w:instr=\"y\"␣/> </w:instrText> <w:instrTextx>", octets=True, among=("a",),
    ),
    Mended(
        "tags", old_tags,
        lambda d: xmltext._replaced(xmltext._TAGS, b"", xmltext._replaced(xmltext._CELL_ENDS, b"\t", xmltext._replaced(xmltext._LINE_ENDS, b"\n", d))),
        "<w:p> </w:p> <br/> <w:br <w:tab/> <tab </c> > < text <x:cr", octets=True,
    ),
    Mended(
        "_YENC", groups(rb"(?:\A|\n)=ybegin [^\r\n]*?name=([^\r\n]*)\r?\n(?:=ypart[^\r\n]*\r?\n)?(.*?)(?:\r?\n=yend|\Z)", re.DOTALL),
        lambda t: [m.groups() for m in encoding._YENC.finditer(t)], "\n=ybegin␣ \n=ybegin␣name=x\n name= name=x \n=yend \r\n =ypart␣1\n \n", octets=True,
    ),
    Mended(
        "_URI", lambda t: re.findall(rb"/URI\s{0,4}\(([^)\r\n]{8,500})\)", t), lambda t: list(pdf._targets(t)),
        "/URI /URI( ( ) http://x.example/ " + "a" * 499, octets=True,
    ),
    Mended(
        "offset", lambda t: [old_offset(t, at) for at in range(12)], lambda t: [insertion._raw_offset(t, at) for at in range(12)],
        "=41 =\n =\r\n = =4 \r\n \n x ==", octets=True,
    ),
]  # fmt: skip


@pytest.mark.parametrize("mended", MENDED, ids=lambda mended: mended.name)
def test_the_new_one_finds_what_the_old_one_found(mended: Mended) -> None:
    draw = random.Random(mended.name)
    different, told = [], 0
    for _ in range(TIMES):
        text = mended.text(draw)
        old, new = mended.old(text), mended.new(text)
        told += bool(old)
        if old != new:
            different.append((text, old, new))
    assert not different[:3]
    assert told > TIMES // 100, "the pieces make nothing that the pattern finds"
