"""The form of a text that rules compare: widths and variant kanji unified, invisible characters removed."""

import re
import string
import unicodedata
from collections.abc import Sequence

import re2

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_DROP = re.compile(f"[{_INVISIBLE}]+")
_VARIANTS = (
    "髙高 﨑崎 碕崎 嵜崎 邊辺 邉辺 濵浜 濱浜 齋斉 斎斉 齊斉 澤沢 櫻桜 廣広 國国 圀国 嶋島 嶌島 冨富 𠮷吉 圓円 藏蔵 惠恵 德徳 "
    "黑黒 眞真 祕秘 槇槙 瀨瀬 與与 學学 會会 戶戸 內内 參参 壽寿 實実 寶宝 條条 榮栄 樂楽 氣気 滿満 瀧滝 爲為 獨独 當当 發発 "
    "縣県 總総 聲声 號号 萬万 藝芸 證証 譽誉 豐豊 關関 靜静 鹽塩 黨党 齡齢 龜亀 鄕郷 龍竜 淸清 晴晴 靑青 敎教 產産 增増 "
    "彥彦 橫横 橋橋 曾曽 檜桧 顏顔 飮飲 步歩 每毎 海海 繩縄 綠緑 祿禄 緖緒 渚渚 將将 莊荘 劍剣 靈霊 來来 假仮 價価 儉倹 "
    "覺覚 鐵鉄 鑛鉱 絲糸 辨弁 辯弁 瓣弁 體体 臺台 轉転 傳伝 圖図 團団 數数 屆届 對対 變変 讓譲 釀醸 驛駅 譯訳 釋釈 寫写 "
    "拂払 佛仏 假仮 單単 戰戦 應応 處処 據拠 擴拡 廳庁 聽聴 營営 勞労 榮栄 區区 歐欧 醫医 藥薬 檢検 險険 驗験 顯顕 歷歴 曆暦 "
    "經経 輕軽 徑径 繼継 續続 讀読 賣売 買買 兒児 舊旧 壹壱 貳弐 參参 拾十 淺浅 殘残 錢銭 踐践 專専 隨随 髓髄 瀨瀬 賴頼"
)
_FOLDING = {ord(pair[0]): pair[1] for pair in _VARIANTS.split()} | dict.fromkeys(
    (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63), "-"
)
_FOLDING |= {0x301C: "~", 0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
_CHANGES = {chr(code): char for code, char in _FOLDING.items()}
_CHANGED = re.compile(f"[{''.join(map(re.escape, _CHANGES))}]")
_JAPANESE = "[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
_GAP = re.compile(f"[ \t](?<={_JAPANESE}[ \t])[ \t]*(?={_JAPANESE})")
"""Spaces between Japanese characters; the space is searched for first, then what precedes it."""
_SEGMENT = re.compile(
    r".[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0eb9\u0f18-\u0fbc"
    r"\u102b-\u109d\u1100-\u11ff\u135d-\u135f\u1712-\u1734\u1ab0-\u1aff\u1b00-\u1bf3\u1dc0-\u1dff\u20d0-\u20f0"
    r"\u302a-\u302f\u3099\u309a\ua66f-\ua69f\ua8e0-\ua8f1\ufe20-\ufe2f\uff9e\uff9f\uffa1-\uffdc\U00010a00-\U00011fff]*",
    re.DOTALL,
)

_ALIKE = dict(
    zip("\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0458\u0455\u0501\u051b\u0261\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423\u0406\u0408\u0405"
        "\u03bf\u03b1\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
        "aeopcxyijsdwgABEKMHOPCTXYIJSoavABEZHIKMNOPTYX", strict=True)
)  # fmt: skip
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f\u0261]")
_REST = re.compile("[A-Za-z\u0370-\u03ff\u0400-\u052f\u0261]*")
_LETTERS = frozenset(string.ascii_letters)
_UNSTABLE = re.compile(
    "[^\\x00-\\x7f\u0391-\u03a9\u03b1-\u03c9\u0410-\u044f\u2500-\u257f\u3001-\u3029\u3030-\u3035\u303b-\u303f\u3041-\u3096\u30a0-\u30fe\u3400-\u4dbf\u4e00-\u9fff]+"
)
"""Characters that NFKC may change, or make one with the character before: the others stay as they are, whatever is
beside them (UAX #15: NFKC_Quick_Check is yes, and none is the second part of a composition)."""
_WIDE = [
    (char, unicodedata.normalize("NFKC", char))
    for char in ("\u3000", *map(chr, (*range(0xFF01, 0xFF5F), *range(0xFF61, 0xFF9E))))
]
"""Full-width ASCII and half-width kana, which can be replaced ahead of all else: one that is absent costs 30 ns for each
thousand characters."""
_LONG = 200
_WHAT = (
    "",
    f"[{_INVISIBLE}]",
    f"[{_FOREIGN.pattern[1:-1]}{''.join(map(re.escape, _CHANGES))}]",
    f"{_JAPANESE}[ \t]+{_JAPANESE}",
)
_SEARCHED, _DROPPED, _TOUCHED, _SPACED = range(len(_WHAT))
"""What a text of _LONG characters or more may have to drop, to change, to close: RE2 tells it in one pass, most have
nothing."""


def _what(options: re2.Options) -> "re2._Set":
    compiled = re2.Set.SearchSet(options)
    for expression in _WHAT:
        compiled.Add(expression)
    compiled.Compile()
    return compiled


_PASS = _what(re2.Options())


def _has(text: str) -> Sequence[int]:
    found: Sequence[int] = _PASS.Match(text.encode("utf-8", "replace")) or () if len(text) >= _LONG else ()
    return found if _SEARCHED in found else range(len(_WHAT))


def _one_script(text: str) -> str:
    """Greek and Cyrillic look-alikes replaced by Latin letters, in words that contain Latin letters as well."""
    out: list[str] = []
    at = end = 0
    for found in _FOREIGN.finditer(text):
        begin = found.start()
        if begin < end:
            continue  # in the word before
        while begin > end and text[begin - 1] in _LETTERS:
            begin -= 1
        end = _REST.match(text, begin).end()  # type: ignore[union-attr]  # it matches everywhere
        word = text[begin:end]
        if not _LETTERS.isdisjoint(word):
            out += [text[at:begin], "".join([_ALIKE.get(c, c) for c in word])]
            at = end
    return "".join([*out, text[at:]]) if out else text


def _nfkc(text: str) -> str:
    """NFKC. Python takes 120 ns for each character of a text in which a single one changes; of a Japanese letter mostly
    full-width brackets, digits and blanks do."""
    if len(text) < _LONG or unicodedata.is_normalized("NFKC", text):
        return unicodedata.normalize("NFKC", text)
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    out, at = [], 0
    for found in _UNSTABLE.finditer(text):
        begin, end = max(0, found.start() - 1), found.end()
        out += [text[at:begin], unicodedata.normalize("NFKC", text[begin:end])]
        at = end
    return "".join([*out, text[at:]])


def fold(text: str) -> str:
    """`text` in the form that rules compare: NFKC (full-width and half-width become one); invisible characters and
    spaces inside Japanese words removed; variant kanji, dashes and disguised Latin letters folded."""
    if text.isascii():
        return text
    has = _has(text)
    form = _nfkc(_DROP.sub("", text) if _DROPPED in has else text)
    if form is not text:
        has = _has(form)
    if _TOUCHED in has:
        # A pattern that finds the few characters to change is ten times as fast as str.translate on Japanese.
        form = _one_script(_CHANGED.sub(lambda match: _CHANGES[match[0]], form))
    # 﨑 is no Japanese letter to _GAP, 崎 is.
    return _GAP.sub("", form) if _SPACED in has or _TOUCHED in has else form


def normalise(text: str) -> tuple[str, Sequence[int]]:
    """`fold(text)` and, for each of its characters and its end, the offset in `text` that it comes from.

    What is found at [a, b) of the folded text is at [offsets[a], offsets[b]) of the original.
    """
    if text.isascii():
        return text, range(len(text) + 1)
    out: list[str] = []
    offsets: list[int] = []
    kept = [(m.start(), m.end()) for m in re.finditer(f"[^{_INVISIBLE}]+", text)]
    visible = "".join(text[a:b] for a, b in kept)
    origin = [at for a, b in kept for at in range(a, b)]
    for match in _SEGMENT.finditer(visible):
        piece = match[0]
        form = (
            piece
            if piece.isascii()
            else _DROP.sub("", unicodedata.normalize("NFKC", piece).translate(_FOLDING))
        )
        out.append(form)
        offsets.extend([origin[match.start()]] * len(form))
    folded = _one_script("".join(out))
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for gap in _GAP.finditer(folded):
        pieces.append(folded[at : gap.start()])
        places += offsets[at : gap.start()]
        at = gap.end()
    return "".join([*pieces, folded[at:]]), [*places, *offsets[at:], len(text)]
