"""Passphrases that a text tells to people: 「解凍パスワードは … です」, "the zip opens with …", and what only speaks of them.

Told is also what both know and others can find out (the last four digits of a telephone number). Not told are a passphrase
that comes by another way, rules for passphrases, and the passcodes of meetings and of networks for guests.
"""

import re
from collections.abc import Iterator

from filters.detect.randomness import ODD, is_random, wordiness

NAMED = re.compile(
    r"パスワード|パスフレーズ|ぱすわーど|ﾊﾟｽﾜｰﾄﾞ|暗証(?:番号|キー)|(?:解凍|開封|解除|復号|暗号|ロック解除|展開)(?:用の?)?(?:キー|鍵|コード|番号|文字列|パス(?!ワード|フレーズ))"
    r"|(?:解凍|開封|復号|ロック解除)(?:に|の際|時|する)?(?:は|:)|合言葉|(?<![A-Za-z])P/?WD?(?![A-Za-z])"
    r"|(?<![A-Za-z])pass(?:[ -]?(?:word|phrase|code|key)(?![A-Za-z])|wd(?![A-Za-z])|(?=[ ]{0,2}[:=はが→「(]| is ))|(?<![ァ-ヶー])パス(?=[\s:は→「を])|開く(?:ため)?の(?:鍵|キー|番号)"
    r"|(?:開く|開ける|解く)(?:ため|とき|時|際)?の?(?:鍵|キー|番号|コード|言葉|文字列)|(?:ファイル|ロック|zip|pdf)の(?:鍵|キー|番号|暗証)|(?<![A-Za-z])(?:PIN|psw)(?=[ ]{0,2}[:=はが])"
    r"|(?<![A-Za-z])(?:key|code|pin)(?: to open (?:it|them)| (?:to open|for) the [a-z]{3,12})(?![a-z])|(?<![A-Za-z])access code(?=[ ]{0,2}:)"
    r"|passwort|kennwort|mot de passe|contraseña|(?:decryption|unlock|opening) (?:code|key)",
    re.IGNORECASE,
)
WAKES = (
    "パス|ぱすわーど|ﾊﾟｽﾜｰﾄﾞ|暗証|合言葉|ｐｗ|ｐ／ｗ|ｐａｓｓ|ｕｎ|ｄｅ|ｏｐｅｎ|ｅｎ|ｋｅ|解凍|解除|復号|暗号|展開|開|入力"
    "|(?:^|[^a-z])(?:p/?wd?|pass(?:[ -]?(?:word|phrase|code|key)|wd)?)(?:[^a-z]|$)"
    "|passwort|kennwort|mot de passe|contraseña|(?:^|[^a-z])(?:pin|psw|code|key)(?:[^a-z]|$)|鍵|番号|暗証|unlock|decrypt|unzip|extract|open|protected|encrypted"
)
"""RE2: matches the mail's texts wherever one may be told."""
NEAR, NEXT, NEXT_CLUE, AROUND = 80, 20, 50, 120
"""Characters behind the word for a passphrase in which it stands; those in which it need not be announced; in front of
what describes it; in which other things give the word another meaning."""
_WIDTHS = {0xFF01 + at: 0x21 + at for at in range(94)}
_WORD = re.compile(r"[!-~]{4,64}")
_BEFORE, _BEHIND = ":=-'\"[(<{)", "'\"])>},.;("
_TELLS = (":", "は", "=", "is", "。", "「", "『", "→", "⇒", "】", "を", "が", "、", "->", "(")
_NUMBER_TELLS = (
    ":",
    "は",
    "=",
    "is",
    "「",
    "『",
    "→",
    "⇒",
    "【",
    "-",
    "->",
    "(",
    "、",
    "が",
    ")",
    "を",
    "として",
    "には",
    "数字で",
    "数字",
    "enter",
    "to",
    "now",
    "...",
    "。",
    "】",
    "〕",
    "]",
    ">",
    "…",
    "/",
)
"""What stands right before one that is told."""
_QUOTED = re.compile(
    r"\s{0,3}(?:は|が|を|に|:|=|is|→)?[、,]?\s{0,3}[「『“\"]([^「」『』“”\"\n。]{4,40})[」』”\"]"
)
_CLUE = re.compile(
    r"電話番号|携帯番号|郵便番号|誕生日|生年月日|社員番号|口座番号|下\s?[0-9一二三四五六]{1,2}\s?[桁ケけ]"
    r"|last [a-z0-9]{1,8} digits|phone number|postal code|zip code|birthday|date of birth",
    re.IGNORECASE,
)
"""A password is described by what both know, and others can find out."""
_NOT_THAT = re.compile(
    r"[やと・、][^\n。]{0,20}(?:避|使わ|しない)|(?:など|等)?(?:では(?!ない)|以外|[はをの](?:避|使|用い|設定|含|入れ|利用))|,? (?:or|are|is) (?:not|never|easy)",
    re.IGNORECASE,
)
"""Behind such a description: rules for passphrases."""
_DESCRIBED = re.compile(r"パスワード|パスフレーズ|PW|pass(?:word|code)", re.IGNORECASE)
_ALONE = re.compile(r"^[ \t\u3000*【「『<\[]{0,6}([!-~]{4,64}?)[ \t\u3000\r*】」』>\]]{0,6}$", re.MULTILINE)
_OF_SOMETHING_ELSE = re.compile(
    r"\s?(?:認証|再発行|再設定|リセット|変更|管理|欄|ポリシー|規[程則定]|なし|無し|不要|入力|エラー|漏|有効期限|の(?:有効期限|変更|再設定|お?問|入力欄|管理))"
    r"|\s(?:reset|policy|policies|manager|field|rotation|rules?|must|should|expires?|changed?|prompt|recovery|required)\b",
    re.IGNORECASE,
)
"""Behind the word: what the text is about is not a passphrase itself."""
_TICKET = re.compile(r"(?:boarding|season|day|entry|visitor|bus|rail|ski|annual) $", re.IGNORECASE)
"""In front of "pass": a paper."""
ELSEWHERE = re.compile(
    r"(?:meeting|webinar|conference|会議|ミーティング|ウェビナー)(?: ?の)? ?(?:id|number|番号|コード)|zoom\.us/|webex\.com/"
    r"|teams\.(?:live|microsoft)\.com/|(?<![a-z])(?:ssid|wi-?fi|wlan)(?![a-z])|無線lan|ゲスト用|来客用|guest network",
    re.IGNORECASE,
)
"""Passcodes of meetings and of networks for guests let those in who are invited; they go to them with the invitation."""
_ENTERED = re.compile(
    r"prompted[^\n]{0,30}?\b(?:enter|type|use)[ :]{1,3}[\"'“「]?([!-~]{4,64})|(?:開く|解凍|開封)[^\n。]{0,10}?は[ 、]{0,2}([!-~]{4,64})[ ]?が必要|\b(?:enter|type|key in)[ :]{1,3}[\"'“「]?([!-~]{4,64})[ ](?:when|at the|if|to open)"
    r"|\bopens? (?:it|them|the [a-z]{3,12}):[ ]{1,3}[\"'“「]?([!-~]{4,64})|encrypted[;,] use[ :]{1,3}[\"'“「]?([!-~]{4,64})|"
    r"(?:unlock|open|decrypt|extract|unzip|unpack)[^\n.:]{0,60}?\b(?:enter|type|key in)[ :]{1,3}(?:the (?:code|word|key) )?[\"'“「]?([!-~]{4,64})"
    r"|\b(?:enter|type|use)[ :]{1,3}[\"'“「]?([!-~]{4,64})[ ][^\n.]{0,40}\b(?:unlock|decrypt|unzip)"
    r"|[「『]([!-~]{4,64})[」』][ ]?(?:と|を|で|に)[^\n。]{0,20}(?:入力|解凍|開|展開|解除)"
    r"|(?<![!-~])([!-~]{5,64})[ ]?[とを]ご?入力",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?<![!-~])([!-~]{4,64})[ ]?(?:です|でお願い|になり|となり|でござ)")
_ENDS = re.compile(
    r"[」』\"']?[ ]?(?:です|でお願い|になり|となり|でござ|\(半角|\(小文字|\(大文字)|[」』]|\)?[ \r]{0,3}(?:\n|$)"
)
"""Behind a passphrase of letters only, which may be a word of the language."""
_ON_A_LINE = re.compile(r"\n[ \u3000・*■●◆\-]{0,6}$")
_INSTANCE = re.compile(r"例|e\.?g\.|for example|such as", re.IGNORECASE)
_JOINED = re.compile(
    r"参加用|ウェビナー|webinar|webex|zoom|google meet|teams ?会議|オンライン会議|dial-?in|join (?:us|the|by|with)",
    re.IGNORECASE,
)
_FILES = re.compile(r"zip|ファイル|資料|添付|解凍|pdf|archive|attach|document|excel|エクセル", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:unlock|decrypt|unzip|open) (?:it|them|the [a-z]{3,12}):[ ]{1,3}[\"'“「]?([!-~]{5,64})|\buse[ ]{1,2}([!-~]{5,64}) to (?:open|unlock|decrypt|unzip)"
    r"|(?:encrypted|locked|protected)[^\n]{0,40}?\b(?:key|code)[ ]?[:=][ ]{0,3}([!-~]{5,64})|(?<![!-~])([!-~]{5,64}) (?:will )?(?:open|unlock|decrypt)s? (?:it|them|the )|"
    r"(?:unlock|open|decrypt|extract|unzip|unpack)(?:s|ed)?\b[^\n.:]{0,60}?\b(?:with|by|using)(?: the (?:code|word|key))?[ :]{1,3}[\"'“「]?([!-~]{5,64})"
    r"|(?:protected|locked|encrypted)(?: with)?[ :]{1,3}[\"'“「]?([!-~]{5,64})"
    r"|(?<![!-~])([!-~]{5,64})[ ]?(?:で|を使って|にて)ご?(?:解凍|開|展開|解除)",
    re.IGNORECASE,
)
"""What a locked file opens with, without a word for it: what is entered, and what may also be a program."""
_PROGRAM = re.compile(
    r"(?:[A-Z][a-z]+){1,4}[0-9.]{0,8}|[A-Z]{1,20}[0-9.]{1,8}|[0-9]-Zip|0x[0-9A-Fa-f]{1,40}|[A-Za-z0-9.-]{1,40}\.(?:jp|com|exe|net|org)"
)
_BACKWARDS = re.compile(
    r"(?<![!-~])([!-~]{5,64})[」』\"' ]{0,3}(?:が|is|を|as|という)[^\n。.]{0,30}?(?:パスワード|パスフレーズ|解凍キー|(?:the|your|as) (?:\w+ )?pass(?:word|phrase|code))",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:zip|7z|rar|lzh|pdf|docx?|xlsx?|pptx?)(?![a-z0-9])", re.IGNORECASE)
_BREAK = re.compile(r"[\s「」『』<>\"'、。/\\]")
_UNITS = re.compile(
    r"\s?(?:年|月|日|時|分|円|名|件|人|文字|桁|個|回|%|mb|kb|characters?|digits|days|times)", re.IGNORECASE
)
_COMMON = frozenset(
    {"password", "passwd", "pass", "passcode", "passphrase", "123456", "12345678", "qwerty", "secret"}
)
"""What is written of, when people write of passwords."""


def narrow(text: str) -> str:
    """The text, of the same length, with full-width letters, digits and signs as ASCII."""
    return text if text.isascii() else text.translate(_WIDTHS)


def told(text: str) -> Iterator[int]:
    """Where a passphrase that the text tells stands, or what says which it is; the text is `narrow`."""
    for clue in _CLUE.finditer(text):
        begin = max(0, clue.start() - NEXT_CLUE)
        sentence = max(text.rfind(end, begin, clue.start()) for end in "。.\n") + 1
        if _NOT_THAT.match(text, clue.end()):
            continue
        if named := _DESCRIBED.search(text, max(begin, sentence), clue.start()):
            yield named.start()
    for match in NAMED.finditer(text):
        if not _means_another(text, match):
            yield from _behind(text, match.end())
    for pattern in (_ENTERED, _OPENS, _BACKWARDS):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            word = _bare(match[group])
            drawn = (_kinds(word) >= 3 or is_random(word, 8)) and _PROGRAM.fullmatch(word) is None
            sure = pattern is _ENTERED or drawn or (word.isdigit() and len(word) >= 5)
            if sure and _is_password(word, announced=True) and not _elsewhere(text, *match.span()):
                yield match.start(group)


def alone(text: str) -> Iterator[int]:
    """Where words that can be passphrases stand on a line of their own."""
    for match in (*_ALONE.finditer(text), *_SAID.finditer(text)):
        if _is_password(_bare(match[1]), announced=True):
            yield match.start(1)


def file_named(text: str) -> str:
    """The first name of a file in the text, or ""."""
    for extension in _EXTENSION.finditer(text):
        if name := _BREAK.split(text[max(0, extension.start() - 80) : extension.start()])[-1]:
            return name + extension[0]
    return ""


def _means_another(text: str, named: re.Match[str]) -> bool:
    """True where the word speaks of something else than the passphrase of a file."""
    return (
        _OF_SOMETHING_ELSE.match(text, named.end()) is not None
        or _TICKET.search(text, max(0, named.start() - 12), named.start()) is not None
        or _elsewhere(text, *named.span())
    )


def _elsewhere(text: str, start: int, end: int) -> bool:
    begin, stop = max(0, start - AROUND), end + AROUND
    if ELSEWHERE.search(text, begin, stop):
        return True
    return _JOINED.search(text, begin, stop) is not None and _FILES.search(text, begin, stop) is None


def _behind(text: str, end: int) -> Iterator[int]:
    """Where passphrases stand behind the word for one, which ends here."""
    quoted = _QUOTED.match(text, end)
    if quoted and not file_named(quoted[1]) and quoted[1].lower() not in _COMMON:
        yield quoted.start(1)
    for word in _WORD.finditer(text, end, end + NEAR):
        bare = _bare(word[0])
        start = word.start() + max(0, word[0].find(bare))
        between = text[end:start]
        gap = between.strip()
        right_before = gap.endswith(_NUMBER_TELLS) or _ON_A_LINE.search(between) is not None
        announced = "\n" in between or gap.endswith(_TELLS)
        announced = announced or (len(between) <= NEXT and not re.search("[A-Za-z]", between))
        if bare.isdigit():
            announced = (not gap or right_before) and _UNITS.match(text, start + len(bare)) is None
        given = _is_password(bare, announced=announced) or (right_before and _is_word(text, start, bare))
        if given and _INSTANCE.search(between) is None:
            yield start


def _is_word(text: str, start: int, word: str) -> bool:
    """True for letters of one size that stand where only a passphrase would."""
    one = word.islower() or word.isupper()
    return (
        len(word) >= 6 and word.isalpha() and one and word.lower() not in _COMMON and _ends(text, start, word)
    )


def _ends(text: str, start: int, word: str) -> bool:
    """True when letters alone stand where only a passphrase would: at the end of what is said, and odd as a word."""
    end = _ENDS.match(text, start + len(word))
    return end is not None and (("\n" not in end[0] and bool(end[0])) or wordiness(word) < ODD)


def _bare(word: str) -> str:
    return word.lstrip(_BEFORE).rstrip(_BEHIND)


def _is_password(word: str, *, announced: bool) -> bool:
    """True for a word of several kinds of characters, or of one kind where a passphrase is announced right before it."""
    if (
        len(word) < 4
        or file_named(word) == word
        or "://" in word
        or word.lower() in _COMMON
        or re.fullmatch(r"[^@]+@[\w-]+(?:\.[\w-]+)+", word)
    ):
        return False
    if re.fullmatch(r"[\d\-/:.,()+%]+", word):
        return announced and word.isdigit()
    capital = re.fullmatch(r"[A-Z][a-z]+(?:[-'][a-z]*)?", word) is not None
    return _kinds(word) >= 2 and not capital and (announced or any(c.isdigit() for c in word))


def _kinds(word: str) -> int:
    """How many of small letters, capitals, digits and signs it has."""
    return sum(any(test(c) for c in word) for test in (str.islower, str.isupper, str.isdigit, _is_sign))


def _is_sign(character: str) -> bool:
    return not character.isalnum()
