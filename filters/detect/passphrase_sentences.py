"""Passphrases told by what their sentence speaks of, and the one before it (OUT-PASSWORD), in any language of the list.

One table says what suffices: how the word stands (alone, named, among words) × what is spoken of beside it × what was spoken of
right before. Nothing suffices where the sentence speaks of another thing's code, says that it comes by another way, or where
the word is a reference that one can look up.

    Zum Entpacken bitte {it} eingeben.      附件已加密，口令是{it}。      鍵をお伝えします。⏎ {it}      7z x -p{it} a.7z
"""

import re
from bisect import bisect
from collections.abc import Iterator
from typing import NamedTuple

import re2

from filters.detect.passphrase_concepts import CONCEPTS, pattern, spoken_of
from filters.detect.passphrase_openers import TOPIC, elsewhere
from filters.detect.passphrase_words import PRODUCT, bare, could_be, kinds
from filters.detect.randomness import is_real

LOOKED_AT = 8_000
"""Characters of a text, but for what is blank: who tells a passphrase writes little."""
_GAP = re.compile(r"(?<!\s)\s{100,}")
"""Where something was left out, as what a mail quotes."""
BEFORE, BEHIND, ABOVE = 110, 70, 170
"""Characters of a sentence in front of a word and behind it, and of what stands above the sentence."""
_BETWEEN = "\n\n"
LEAST = 6
CLOSE = 44
"""Characters between a word for a passphrase and one that is told, at most."""
_WORD = re.compile(r"[!-~]{5,40}")
_ENDS = re.compile(r"[。?!？！\n]|[.](?=[ \n\r]|$)")
_ENDED = re.compile(r"[。?!？！\n]|[.](?=[ \n\r])")
_ITS_OWN = re.compile(
    r"[\s\u3000・*■●◆○\-–—>:=→⇒「『【\[(\"'«“]{0,10}(?:(?:it'?s|it is|use|enter|type|try|here|c'est|es|er|sie|es ist|是|为)[ :]{1,2})?[「『【\[(\"'«“]?",
    re.IGNORECASE,
)
_ITS_END = re.compile(
    r"[」』】\])\"'»”]?[\s\u3000]{0,3}(?:です|でございます|となります|になります|でお願いします|でお願いいたします|だよ|で|입니다|이에요|예요|thanks|\(.{0,30}\))?[\s\u3000。.!]{0,4}",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"[\s\u3000・*■●◆○\-【\[(]{0,6}([^\n:=→]{1,28}?)[】\])]?[ \u3000]{0,4}(?P<by>[:=→⇒\t]|は|->|>{1,3}|<{1,3}|»|  | (?:is|est|ist|lautet|es|è|é) |[ 】\])])[ \u3000「『\"'(]{0,4}"
)
_REFERENCE = re.compile(
    r"(?:(?<![a-z])(?:ref|réf|az|nr|no|id|ids|ticket|case|reference|tracking|commit|branch|build|version|ver|file|folder|sheet|cell|table|row|line|named?|host|path|page|model|type|release|part|lot|on|at|in|from|into|under)|番号|品番|型番|図番|版|受付|ファイル名?|フォルダ名?|シート|セル|名前|件名|id|编号|编码|号|번호|-nummer|nummer|numéro|número|numero|nº)[.:#№は为是]{0,2}[ \u3000「(]{0,3}$",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(r"(?:비밀|암호)번호[.:은는 ]{0,4}$")
_INSTANCE = re.compile(
    r"(?:例|たとえば|例えば|e\.g\.|z\.b\.|par ex|例如|比如|예를|for example|such as)[^\n]{0,16}$",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"文字以上|桁以上|混在|組み合わせ|推測|避け|少なくとも|at least|minimum|must contain|characters long|mindestens|au moins|至少|이상|al menos|almeno",
    re.IGNORECASE,
)
"""How passphrases ought to be."""
_COMMAND = re.compile(
    r"(?<![\w-])(?:7z[ar]?|rar|unrar|unzip|zip|qpdf|pdftk|gpg2?|openssl|veracrypt|mutool|pdftotext)\b[^\n]{0,80}?[ ](?:-p[ ]?|-P[ ]|--pass(?:word|phrase|wd)?[ =]|-pass(?:in)?[ ]pass:|-k[ ]|input_pw[ ]|user_pw[ ]|-upw[ ])[\"']?(?P<it>[!-~]{5,40})"
)
"""A command that takes it apart, with what it takes."""
_PIECES = re.compile(
    r"[「『\"'“]([!#-&(-~]{2,40})[」』\"'”][ ]?(?:と|and|und|et|y|e|,|、|\+|＋|→)?[ ]?[「『\"'“][!#-&(-~]{2,40}[」』\"'”][^。\n]{0,24}(?:つな|繋|連結|結合|合わせ|続け|足し|くっつけ|joined|together|combine|concatenat|zusammen|ensemble|bout à bout)"
    r"|(?:join|combine|concatenate|put together)[^\n.\"'“]{0,20}[\"'“]([!#-&(-~]{2,40})[\"'”]? (?:and|with|\+) [\"'“]?[!#-&(-~]{2,40}",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"で(?:は)?な[いく]|以外|変更|設定し(?:ない|て(?:ください|下さい))|使わ|避|しない|ないで|ようお願い|場合|忘|登録|確認|ログイン|サイト|policy|don't|do not|never|should|must|avoid|please (?:enter|send|tell)|reset|portal|site|account settings"
    r"|nicht|niemals|dürfen|sollte|jamais|évite|doit|ne |nunca|mai |不要|请勿|不能|마세요|안 됩",
    re.IGNORECASE,
)
"""Rules, requests and accounts."""
_HYPHENED = re.compile(r"[a-z]{3,12}(?:[-_.+][a-z]{3,12}){2,6}")
"""Words joined, as they are drawn from lists."""
_BELOW = re.compile(r"(?:^|\n)(?:[ \t]{0,8}[!-~][ \t\r]{0,4}\n){4,40}[ \t]{0,8}[!-~][ \t\r]{0,4}(?=\n|$)")
_CHARACTER = r"(?:(?:(?:capital|upper ?case|small|lower ?case|big|little|digit|number|letter|groß|klein|großes|kleines|majuscule|minuscule|mayúscula|minúscula|大文字の?|小文字の?|数字の?) ?)?[A-Za-z0-9!-/:-@](?: ?(?:in capitals|大文字|小文字|majuscule|minuscule))?|dash|hyphen|minus|dot|underscore|slash|hash|at sign|exclamation mark|ハイフン|アンダーバー|ドット|シャープ|アットマーク|スラッシュ|bindestrich|punkt|tiret|point|guion|punto)"
_SPELT = re.compile(
    rf"(?<![A-Za-z0-9]){_CHARACTER}(?:(?:, ?|、| - | )(?:then |and |und |et |y )?{_CHARACTER}){{4,40}}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"capital|upper|lower|small|dash|hyphen|underscore|groß|klein|majuscule|mayúscula|大文字|小文字|ハイフン|アンダーバー|tiret|bindestrich|guion",
    re.IGNORECASE,
)
_RIGHT_BEHIND = re2.compile(rf"(?i)(?:{pattern('word')})[ ]{{0,2}}[:=\"'「]?[ ]{{0,2}}$")
_PART = r"(?:件名|題名|表題|タイトル|ファイル名|フォルダ名|シート名|送信日|署名|本文の?[一-龥0-9]{1,4}行目|subject(?: line)?|file ?name|name of the file|title|first line|last line|betreff|dateiname|objet|nom du fichier|asunto|nombre del archivo|oggetto|nome del file|主题|文件名|제목|파일명)"
_POINTED = re.compile(
    rf"{_PART}[^\n。.]{{0,16}}?(?:が|は|を|is|as|ist|est|es|è|是|이|가)[^\n。.]{{0,12}}?(?:{pattern('word', python=True)})|(?:{pattern('word', python=True)})[^\n。.]{{0,12}}?(?:は|is|ist|est|es|è|是|는|은)[^\n。.]{{0,12}}?{_PART}(?:です|と同じ|の|[。.]|$|[ ]?\n)",
    re.IGNORECASE,
)
_APART = re.compile(r"(?<![!-~])(?:[!-~][ -]){5,40}[!-~](?![!-~])")
_BY = re.compile(
    r"(?:[:=→⇒「『“\"(]|(?<![a-z])(?:par|by|with|mit|con|com|avec|met|usando|using|via)|으?로|用|通过)[ 「『“\"'»«]{0,3}$",
    re.IGNORECASE,
)
"""Right in front of that by which something is locked, or opens."""
_BY_IT = re.compile(r"[」』\"']?[ ]?(?:으?로|으?로만|を(?:使|用)|で|にて|により)")
_KEY = re.compile(
    r"鍵|キー|パス|키|钥|(?<![a-z])(?:pass|key|secret|schlüssel|clé|chiave|clave|llave|chave)(?![a-z])",
    re.IGNORECASE,
)
_IS = re.compile(
    r"(?<![a-z])(?:is|are|equals|ist|lautet|entspricht|est|sont|correspond\w*|es|son|è|é|são|to|with|using|use|avec|mit|con|com|met)(?![a-z])|是|为|為|は|で|입니다|이에요|[=:：]|로",
    re.IGNORECASE,
)


class Stand(NamedTuple):
    """A word in its sentence: what stands before and behind it there, and what stands above the sentence."""

    before: str
    behind: str
    above: str
    below: str

    @property
    def whole(self) -> str:
        return f"{self.before} {self.behind}"

    @property
    def alone(self) -> bool:
        return _ITS_OWN.fullmatch(self.before) is not None and _ITS_END.fullmatch(self.behind) is not None

    @property
    def label(self) -> str:
        """What the word stands behind, with nothing else in its line but a colon."""
        labelled = _LABEL.fullmatch(self.before)
        if labelled is None or _ITS_END.fullmatch(self.behind) is None:
            return ""
        sole = labelled["by"] not in " 】])" or CONCEPTS["weak"].fullmatch(labelled[1].strip())
        return labelled[1] if sole else ""


def place(text: str, start: int, end: int) -> Stand:
    begin = max(0, start - BEFORE)
    front = text[begin:start]
    cut = max((end.end() for end in _ENDED.finditer(front)), default=0)
    behind, *below = _ENDS.split(text[end : end + BEHIND], maxsplit=2)
    above = text[max(0, begin + cut - ABOVE) : begin + cut].rstrip()
    return Stand(front[cut:], behind, above, below[0] if below else "")


def pointed(text: str) -> Iterator[int]:
    """Where a text says that a part of this mail is the passphrase: its subject, the name of its file."""
    for found in _POINTED.finditer(text):
        around = place(text, *found.span())
        if not (spoken_of(f"{around.before} {around.behind}", "otherwise") or _KEPT.search(found[0])):
            yield found.start()


def is_reference(text: str, start: int) -> bool:
    """True for a word that its sentence says to be another thing's code, or something to look up."""
    word = _WORD.match(text, start)
    at = place(text, start, word.end() if word else start)
    return spoken_of(at.before, "alien") or _REFERENCE.search(at.before) is not None


def stated(text: str, *, locked: bool, named: bool = False) -> Iterator[int]:
    """Where one stands in a text that is `narrow`; `locked`: a locked file comes with it, or is spoken of; `named`: the
    subject names a passphrase."""
    near, shifts = _closed_up(text)
    for at in _stated(near[:LOOKED_AT], locked=locked, named=named):
        yield at + shifts[bisect(shifts, at, key=_first) - 1][1]


def _closed_up(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its long gaps, and from which of its characters on what is to be added to come back to the text's own."""
    if len(text) <= LOOKED_AT:
        return text, [(0, 0)]
    pieces, shifts, at, end = [], [], 0, 0
    for gap in (*_GAP.finditer(text), None):
        shifts.append((at, end - at))
        pieces.append(text[end : gap.start() if gap else len(text)])
        at += len(pieces[-1]) + len(_BETWEEN)
        end = gap.end() if gap else end
    return _BETWEEN.join(pieces), shifts


def _first(shift: tuple[int, int]) -> int:
    return shift[0]


def _stated(text: str, *, locked: bool, named: bool) -> Iterator[int]:
    if locked or spoken_of(text, "word", "open", "lock"):
        filed = locked or CONCEPTS["file"].search(text) is not None
        for found in _COMMAND.finditer(text):
            if is_real(found["it"]):
                yield found.start("it")
        for found in _PIECES.finditer(text):
            around = place(text, *found.span())
            if filed and spoken_of(f"{around.above[-80:]} {around.whole} {found[0]}", "word", "weak", "open"):
                yield found.start(found.lastindex or 0)
        for found in _APART.finditer(text):
            front = place(text, *found.span()).before[-CLOSE:]
            if spoken_of(front, "word") and re.search(r"[:=はis][ ]{0,2}$", front):
                yield found.start()
        yield from _guessed(text)
        yield from pointed(text)
        if named or spoken_of(text, "word"):
            yield from _spelt_out(text)
        for found in _WORD.finditer(text):
            own = bare(found[0])
            start = found.start() + found[0].find(own)
            words = _HYPHENED.fullmatch(own) is not None
            if len(own) >= LEAST and (words or could_be(own)) and not own.isdigit():
                at = place(text, start, start + len(own))
                if named and not at.above:
                    at = at._replace(above="password")
                if _suffices(at, own, filed=filed, named=named) and not elsewhere(
                    text, start, start + len(own)
                ):
                    yield start


def _spelt_out(text: str) -> Iterator[int]:
    """Where one stands character by character: below one another, or as it is said on the telephone."""
    for expression in (_BELOW, _SPELT):
        for found in expression.finditer(text):
            if expression is _SPELT and not _SIGNS.search(found[0]):
                continue
            at = place(text, *found.span())
            if not spoken_of(f"{at.above[-80:]} {at.before}", "alien", "otherwise"):
                yield found.start()


def _guessed(text: str) -> Iterator[int]:
    """Where a sentence says that it opens with a number or a name that others find out."""
    for fact in CONCEPTS["fact"].finditer(text):
        at = place(text, *fact.span())
        whole = f"{at.before}{fact[0]}{at.behind}"
        named = spoken_of(whole, "word") or (spoken_of(whole, "open") and spoken_of(whole, "file"))
        rest = whole.replace(fact[0], " ")
        kept = _KEPT.search(whole) or _RULES.search(whole) or spoken_of(rest, "otherwise")
        if named and _IS.search(rest) and not kept:
            yield fact.start()


def _suffices(at: Stand, word: str, *, filed: bool, named: bool) -> bool:
    whole = at.whole
    if spoken_of(whole, "alien", "otherwise") or _INSTANCE.search(at.before) or _RULES.search(whole):
        return False
    if TOPIC.match(at.behind):
        return False
    if _REFERENCE.search(at.before) and not _NAMED_NUMBER.search(at.before):
        return False
    above = _sentence_above(at.above)
    odd_above = spoken_of(above, "alien", "otherwise") or above.endswith(("?", "？")) or _RULES.search(above)
    if at.alone:  # nothing but it: what stands above says what it is
        return not odd_above and (
            spoken_of(above, "word")
            or (
                spoken_of(above, "weak", "open", "lock")
                and spoken_of(f"{above} {at.below}", "tell", "enter")
                and filed
            )
        )
    if PRODUCT.fullmatch(word):
        return False
    if at.label:
        keyed = spoken_of(at.label, "open") and (spoken_of(at.label, "weak") or _KEY.search(at.label))
        told = (
            keyed
            or named
            or spoken_of(at.label, "word")
            or (
                filed
                and (
                    spoken_of(at.label, "open", "lock")
                    or (_KEY.search(at.label) and spoken_of(at.label, "file"))
                )
            )
        )
        weakly = spoken_of(at.label, "weak", "file") and spoken_of(at.above, "word", "open", "lock")
        return bool(told) or (weakly and filed and not spoken_of(at.above, "alien", "otherwise"))
    if _RIGHT_BEHIND.search(at.before):
        return True
    if spoken_of(at.before[-CLOSE:], "word") or spoken_of(at.behind[:CLOSE], "word"):
        return filed and (spoken_of(whole, "open", "lock", "file") or kinds(word) >= 3)
    if not filed:
        return False
    if spoken_of(at.before, "open", "lock") and _BY.search(at.before):
        return True
    if (
        spoken_of(at.below, "enter")
        and spoken_of(at.below, "open", "word")
        and not spoken_of(at.below, "alien", "otherwise")
    ):
        return kinds(word) >= 2
    if CONCEPTS["open"].match(at.behind.lstrip(" ,、」』\"'”)")):
        return True
    if _BY_IT.match(at.behind) and spoken_of(at.behind, "open"):
        return True
    opens, above_opens = spoken_of(whole, "open", "lock"), spoken_of(above, "open", "lock", "word")
    if spoken_of(whole, "enter") and (opens or (above_opens and not odd_above)):
        return True
    return spoken_of(whole, "weak") and (opens or (spoken_of(whole, "file") and spoken_of(whole, "tell")))


def _sentence_above(above: str) -> str:
    """The last sentence above that says something."""
    pieces = [p for p in re.split(r"(?<=[。?？!！])|\n", above) if p.strip(" \r\u3000-*・")]
    return pieces[-1].strip() if pieces else ""
