"""Bytes to text and back, Japanese mail included: charsets, RFC 2047 encoded words, and normal forms for rules.

Nothing here raises for bad input: a charset that lies or is unknown is replaced by a guess, a broken
character by U+FFFD. Every codec that can be asked for is loaded when this module is imported, because the
process that examines mail cannot open files later.
"""

import binascii
import codecs
import re
import struct
import unicodedata
from collections.abc import Sequence

_CODECS = {
    "us-ascii": "ascii",
    "ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
    "utf-32le": "utf-32-le",
    "utf-32be": "utf-32-be",
    "utf-7": "utf-7",
    "unicode-1-1-utf-7": "utf-7",
    "iso-2022-kr": "iso2022_kr",
    "hz-gb-2312": "hz",
    "hz": "hz",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "cp950": "cp950",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "cp949": "cp949",
    "windows-949": "cp949",
    "johab": "johab",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "macintosh": "mac-roman",
    "viscii": "cp1258",
    "ibm850": "cp850",
    "cp850": "cp850",
    "cp437": "cp437",
    "cp866": "cp866",
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"windows-{n}": f"cp{n}" for n in range(1250, 1259)},
    **{f"cp{n}": f"cp{n}" for n in range(1250, 1259)},
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932", "cswindows31j"),
        "cp932",
    ),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "eucjp", "euc_jp", "eucjp-ms", "x-eucjp-ms", "cseucpkdfmtjapanese"), "euc"),
    **dict.fromkeys(
        ("iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-2004", "csiso2022jp",
         "iso-2022-jp-ms", "cp50220", "cp50221", "cp50222", "jis", "iso2022jp"),
        "jis",
    ),
}  # fmt: skip
"""Charset name of a mail -> our decoder. An allow list: names such as `idna`, `undefined` or `unicode_escape` mean nothing."""

_OWN = {"jis", "euc"}
for _name in {*_CODECS.values(), "euc_jp", "euc_jis_2004", "euc_kr", "gb2312", "latin-1", "idna"} - _OWN:
    codecs.lookup(_name)

_ESCAPE = re.compile(rb"(\x1b(?:\$\([@A-DOPQ]|\$[@ABC]|\([A-Z]|\.[AF]|N|&@)|\x0e|\x0f|\r?\n)")
_TO_EUC = bytes(b | 0x80 if 0x21 <= b <= 0x7E else b for b in range(256))


def _jis_table() -> dict[int, str]:
    """JIS X 0208 code (row and cell as two 7-bit bytes) -> character as CP50221 reads it: the two bytes
    are turned into cp932 by arithmetic, which adds NEC row 13 and the IBM extensions that no codec reads."""
    table = {}
    for row in range(0x21, 0x7F):
        lead = ((row - 0x21) >> 1) + 0x81
        lead += 0x40 if lead > 0x9F else 0
        for cell in range(0x21, 0x7F):
            trail = cell + (0x7E if row % 2 == 0 else 0x1F + (cell >= 0x60))
            try:
                table[row << 8 | cell] = bytes((lead, trail)).decode("cp932")
            except UnicodeDecodeError:
                pass
    return table


_JIS = _jis_table()


def _pairs(segment: bytes) -> str:
    """Text of a stretch of JIS X 0208 (7 bits). Blanks and controls between the pairs stay what they are."""
    if len(segment) % 2 == 0:
        try:
            return "".join(map(_JIS.__getitem__, struct.unpack(f">{len(segment) // 2}H", segment)))
        except KeyError:
            pass
    out: list[str] = []
    at, size = 0, len(segment)
    while at < size:
        byte = segment[at]
        if byte < 0x21 or byte == 0x7F:
            out.append(chr(byte))
            at += 1
        elif at + 1 < size and 0x21 <= segment[at + 1] <= 0x7E and byte < 0x7F:
            out.append(_JIS.get(byte << 8 | segment[at + 1], "\ufffd"))
            at += 2
        else:
            out.append("\ufffd")
            at += 1
    return "".join(out)


def _iso2022jp(data: bytes) -> str:
    """ISO-2022-JP and what is sent under that name: NEC row 13, half-width kana (ESC ( I, SO/SI or 8 bits),
    JIS X 0212 and 0213, GB 2312 and KS X 1001 of ISO-2022-JP-2. A line end returns to ASCII (RFC 1468)."""
    out: list[str] = []
    mode, shifted = b"B", False
    eight: str | None = None  # what the bytes beyond 7 bits are, once there are any
    for index, piece in enumerate(_ESCAPE.split(data)):
        if index % 2:
            if piece == b"\x0e":
                shifted = True
            elif piece == b"\x0f":
                shifted = False
            elif piece[-1:] == b"\n":
                out.append(piece.decode("ascii"))
                mode, shifted = b"B", False
            elif piece[1:2] in (b"$", b"("):
                mode = piece[1:]
        elif not piece:
            continue
        elif shifted or mode == b"(I":
            out.append(bytes(b | 0x80 if 0x21 <= b <= 0x5F else b for b in piece).decode("cp932", "replace"))
        elif mode in (b"$B", b"$@", b"$(B", b"$(@"):
            out.append(_pairs(piece))
        elif mode == b"$(D":
            out.append(
                re.sub(rb"[!-~]{2}", lambda m: b"\x8f" + m[0].translate(_TO_EUC), piece).decode(
                    "euc_jp", "replace"
                )
            )
        elif mode in (b"$(O", b"$(Q"):
            out.append(piece.translate(_TO_EUC).decode("euc_jis_2004", "replace"))
        elif mode == b"$(P":
            out.append(
                re.sub(rb"[!-~]{2}", lambda m: b"\x8f" + m[0].translate(_TO_EUC), piece).decode(
                    "euc_jis_2004", "replace"
                )
            )
        elif mode in (b"$A", b"$(A"):
            out.append(piece.translate(_TO_EUC).decode("gb2312", "replace"))
        elif mode in (b"$C", b"$(C"):
            out.append(piece.translate(_TO_EUC).decode("euc_kr", "replace"))
        elif piece.isascii():
            out.append(piece.decode("ascii"))
        else:
            if eight is None:
                eight = _CODECS.get(_eight_bit(_ESCAPE.sub(b"", data)), "cp1252")
            out.append(_western(piece) if eight == "cp1252" else _plain(piece, eight))
    return "".join(out)


_EUC = re.compile(rb"[\x00-\x7f]+|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|[\xa1-\xfe]{2}|.", re.DOTALL)


def _euc(data: bytes) -> str:
    """EUC-JP; characters that the codec lacks (NEC row 13, IBM extensions) by the same arithmetic as JIS."""
    try:
        return data.decode("euc_jp")
    except UnicodeDecodeError:
        pass
    out = []
    for match in _EUC.finditer(data):
        piece = match[0]
        if len(piece) == 2 and piece[0] >= 0xA1:
            out.append(_JIS.get((piece[0] & 0x7F) << 8 | piece[1] & 0x7F, "\ufffd"))
        else:
            out.append(piece.decode("euc_jp", "replace"))
    return "".join(out)


def _weight(text: str) -> float:
    """How much a text looks like Japanese that somebody wrote: kana count most, rare characters against it."""
    score = 0.0
    for char in text[:2000]:
        if "\u3041" <= char <= "\u30fe":
            score += 2
        elif "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u3020" or "\uff01" <= char <= "\uff5e":
            score += 1
        elif "\uff61" <= char <= "\uff9f":
            score -= 0.5
        elif char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f":
            score -= 10
    return score


def detect(data: bytes) -> str:
    """The charset that unlabelled bytes are most likely in: a key of the codec table, "" when nothing fits."""
    if data[:3] == b"\xef\xbb\xbf":
        return "utf-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\x1b$" in data or b"\x1b(I" in data:
        return "iso-2022-kr" if b"\x1b$)C" in data else "iso-2022-jp"
    return "us-ascii" if data.isascii() else _eight_bit(data)


def _eight_bit(data: bytes) -> str:
    """What `detect` says of bytes that have no escape sequence and are not ASCII."""
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    best, most = "", 0.0
    # Short EUC-JP is also valid GB 18030 and Shift_JIS half-width kana: the order breaks ties for Japan.
    for name, codec in (("euc-jp", "euc_jp"), ("shift_jis", "cp932")):
        sample = data[:8000]
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 3 or len(data) <= 8000:
                continue
            text = sample[: error.start].decode(codec, "replace")
        score = _weight(text)
        # Latin text with accents is sometimes valid Shift_JIS: the Japanese must outweigh its bytes.
        if score > most and score * 3 >= sum(b > 0x7F for b in sample) * 0.9:
            best, most = name, score
    if not best and len(data) > 8 and sum(b > 0x7F for b in data[:8000]) * 5 > min(len(data), 8000):
        for name, codec in (("gb18030", "gb2312"), ("big5", "big5"), ("euc-kr", "euc_kr")):
            try:
                data.decode(codec)
                return name
            except UnicodeDecodeError:
                continue
    return best


def _guessed(data: bytes) -> str:
    found = detect(data)
    return _plain(data, _CODECS[found]) if found else _western(data)


def _plain(data: bytes, codec: str) -> str:
    if codec == "jis":
        return _iso2022jp(data)
    if codec == "euc":
        return _euc(data)
    if codec == "utf-8" and data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, ValueError):  # utf-16 without a byte order mark and the like
        return data.decode("latin-1")


def known(charset: str) -> bool:
    """True when `charset` names something that `decode` reads as labelled."""
    return charset.strip().strip("\"'").lower() in _CODECS


def decode(data: bytes, charset: str = "") -> str:
    """The text of `data`, which its sender labelled `charset` ("" when unlabelled). Never raises.

    The label is believed when it can be true. A Japanese mail that is labelled US-ASCII, ISO-8859-1 or with
    another Japanese charset than it uses is read as what it is.
    """
    codec = _CODECS.get(charset.strip().strip("\"'").lower(), "")
    if not codec:
        return _guessed(data)
    if codec not in ("jis", "utf-7", "hz", "iso2022_kr") and b"\x1b$" in data and b"\0" not in data[:64]:
        return _iso2022jp(data)
    if data.isascii() and codec in ("ascii", "utf-8", "cp932", "euc", "cp1252"):
        return data.decode("ascii")
    if codec == "ascii":
        return _guessed(data)
    if codec == "jis":
        return _iso2022jp(data) if b"\x1b" in data or data.isascii() or b"\x0e" in data else _guessed(data)
    if codec in ("cp1252", "cp1254", "iso8859-15"):
        found = detect(data)
        if found == "utf-8" or (found in ("euc-jp", "shift_jis") and len(data) > 7):
            return _plain(data, _CODECS[found])
        return data.decode(codec, "replace") if codec != "cp1252" else _western(data)
    try:
        if codec != "euc":
            return (
                data.removeprefix(b"\xef\xbb\xbf").decode("utf-8") if codec == "utf-8" else data.decode(codec)
            )
        text = _euc(data)
        if "\ufffd" not in text:
            return text
    except (UnicodeError, ValueError):
        pass
    labelled = _plain(data, codec)
    if labelled.count("\ufffd") * 50 > len(labelled) and detect(data):
        other = _guessed(data)
        if other.count("\ufffd") < labelled.count("\ufffd"):
            return other
    return labelled


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_STATEFUL = re.compile(rb"\x1b\$(?:\(.|.)[^\r\n\x1b]*")
_SHIFT_JIS_PAIR = re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]")


def masked(data: bytes) -> bytes:
    """`data` with every raw multi-byte character replaced by bytes 0xFF, length unchanged.

    The second byte of a Shift_JIS character and both bytes of an ISO-2022-JP one can look like a quote, a
    backslash, a comma or a bracket; a tokenizer must read the masked form and slice the original.
    """
    if b"\x1b$" not in data and data.isascii():
        return data
    if b"\x1b$" in data:
        data = _STATEFUL.sub(lambda m: b"\xff" * len(m[0]), data)
    if not data.isascii() and detect(data) == "shift_jis":
        data = _SHIFT_JIS_PAIR.sub(b"\xff\xff", data)
    return data


_WORD = re.compile(
    rb"=\?([^?\s*]{1,64})(?:\*[A-Za-z0-9-]{0,32})?\?([bBqQ])\?([^?\r\n]*(?:\?(?!=)[^?\r\n]{0,200}){0,4})\?="
)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_CONTROLS = {code: " " for code in range(32) if code != 9} | {127: " "}


MAX_PADDINGS = 10_000
"""Paddings inside one base64 text that are read as such; nobody sends more, and each costs time."""


def unfold(value: bytes) -> bytes:
    """A header value on one line (RFC 5322 §2.2.3): line ends before white space go, the white space stays."""
    return _FOLD.sub(b"", value).strip(b" \t\r\n")


def unbase64(text: bytes) -> bytes:
    """Base64 read as far as it goes: foreign characters skipped, padding in the middle passed over."""
    out = []
    digits = re.sub(rb"[^A-Za-z0-9+/=]+", b"", text)
    for piece in re.split(rb"=+", digits, maxsplit=MAX_PADDINGS):
        piece = piece.replace(b"=", b"")
        if len(piece) % 4 == 1:
            piece = piece[:-1]
        out.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out)


def decode_header(value: bytes | str) -> str:
    """The text of a header value: encoded words (RFC 2047), raw 8-bit and raw ISO-2022-JP. Never raises.

    Neighbouring encoded words with one charset are joined as bytes first, so that a character which a
    sender split between two words survives. Controls become blanks. Linear in the length.
    """
    data = unfold(value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value)
    if b"=?" not in data:
        return decode(data).translate(_CONTROLS)
    runs: list[tuple[str, list[bytes]]] = []  # (charset, or "raw:" for what stands between words)
    at = 0
    for match in _WORD.finditer(data):
        between = data[at : match.start()]
        if between and (not runs or runs[-1][0] == "raw:" or between.strip(b" \t\r\n")):
            runs.append(("raw:", [between]))
        charset = match[1].decode("latin-1").lower()
        word = unbase64(match[3]) if match[2] in b"bB" else binascii.a2b_qp(match[3], header=True)
        if runs and runs[-1][0] == charset:
            runs[-1][1].append(word)
        else:
            runs.append((charset, [word]))
        at = match.end()
    if at < len(data):
        runs.append(("raw:", [data[at:]]))
    return "".join(
        decode(b"".join(words), "" if charset == "raw:" else charset) for charset, words in runs
    ).translate(_CONTROLS)


_SAFE = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def _words(text: str, first: int, rest: int) -> bytes:
    """`text` as UTF-8 base64 encoded words on folded lines; never splits a character.

    `first` and `rest` are the columns free on the first and on every later line (whose blank is not counted).
    """
    lines: list[bytes] = []
    room, piece = (first - 12) // 4 * 3, b""
    for char in text.encode("utf-8", "replace").decode("utf-8"):
        more = char.encode()
        if len(piece) + len(more) > room:
            if piece or not lines:
                lines.append(piece)
            room, piece = (rest - 12) // 4 * 3, b""
        piece += more
    lines.append(piece)
    return b"\r\n ".join(
        b"=?utf-8?b?" + binascii.b2a_base64(p, newline=False) + b"?=" if p else b"" for p in lines
    )


def encode_header(text: str, name_length: int = 0) -> bytes:
    """An unstructured header value as it goes on the wire, folded to at most 76 columns, without the line end.

    `name_length` is the length of the field name; colon and blank are added here to count the first line.
    ASCII stays readable; anything else becomes UTF-8 encoded words.
    """
    text = text.translate(_CONTROLS)
    room = 76 - (name_length + 2 if name_length else 0)
    if _SAFE.fullmatch(text) and "=?" not in text and text == " ".join(text.split()):
        lines: list[str] = []
        line = ""
        for word in text.split(" "):
            if line and len(line) + 1 + len(word) > (room if not lines else 75):
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
        if all(len(line) <= (75 if n else room) for n, line in enumerate(lines)):
            return "\r\n ".join(lines).encode()
    return _words(text, room, 75)


def encode_mailbox(name: str, address: str, name_length: int = 0) -> bytes:
    """`Name <address>` for an address header (RFC 5322 §3.4); only the address when there is no name."""
    name = " ".join(name.translate(_CONTROLS).split())
    spec = address.encode()
    if not name:
        return spec
    room = 76 - (name_length + 2 if name_length else 0)
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    if not _SAFE.fullmatch(name) or "=?" in name or len(quoted) > room:
        phrase = _words(name, room, 75)
    else:
        phrase = (name if _ATOMS.fullmatch(name) else quoted).encode()
    last = len(phrase) - phrase.rfind(b"\n") - 1 if b"\n" in phrase else len(phrase) + (76 - room)
    return phrase + (b" <" if last + len(spec) + 3 <= 76 else b"\r\n <") + spec + b">"


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
_JAPANESE = r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
_GAP = re.compile(f"(?<={_JAPANESE})[ \t]+(?={_JAPANESE})")
_SEGMENT = re.compile(
    r".[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0eb9\u0f18-\u0fbc"
    r"\u102b-\u109d\u1100-\u11ff\u135d-\u135f\u1712-\u1734\u1ab0-\u1aff\u1b00-\u1bf3\u1dc0-\u1dff\u20d0-\u20f0"
    r"\u302a-\u302f\u3099\u309a\ua66f-\ua69f\ua8e0-\ua8f1\ufe20-\ufe2f\uff9e\uff9f\uffa1-\uffdc\U00010a00-\U00011fff]*",
    re.DOTALL,
)


def fold(text: str) -> str:
    """`text` in the one form that rules compare: NFKC (full-width and half-width become one), without
    invisible characters, variant kanji and dashes folded, blanks inside Japanese words removed."""
    if text.isascii():
        return text
    # A pattern that finds the few characters to change is ten times as quick as str.translate on Japanese.
    text = unicodedata.normalize("NFKC", _DROP.sub("", text))
    text = _CHANGED.sub(lambda match: _CHANGES[match[0]], text)
    return _GAP.sub("", text) if " " in text or "\t" in text else text


def normalise(text: str) -> tuple[str, Sequence[int]]:
    """`fold(text)` and, for each of its characters and for its end, the offset in `text` where it comes from.

    Hence a finding at [a, b) of the folded text stands at [offsets[a], offsets[b]) of the original.
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
    folded = "".join(out)
    for gap in reversed(list(_GAP.finditer(folded))):
        del offsets[gap.start() : gap.end()]
    folded = _GAP.sub("", folded)
    offsets.append(len(text))
    return folded, offsets
