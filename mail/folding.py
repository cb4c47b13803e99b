"""The form of a text that rules compare: widths and variant kanji unified, invisible characters removed."""

import re
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
_WORD = re.compile("[A-Za-z\u0370-\u03ff\u0400-\u052f\u0261]+")

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
    if not _FOREIGN.search(text):
        return text

    def latin(match: re.Match[str]) -> str:
        word = match[0]
        mixed = _FOREIGN.search(word) and any(c.isascii() for c in word)
        return "".join(_ALIKE.get(c, c) for c in word) if mixed else word

    return _WORD.sub(latin, text)


def fold(text: str) -> str:
    """`text` in the form that rules compare: NFKC (full-width and half-width become one); invisible characters and
    spaces inside Japanese words removed; variant kanji, dashes and disguised Latin letters folded."""
    if text.isascii():
        return text
    has = _has(text)
    form = unicodedata.normalize("NFKC", _DROP.sub("", text) if _DROPPED in has else text)
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
