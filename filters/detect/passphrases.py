"""Passphrases that a text tells to people: 「解凍パスワードは … です」, "the zip opens with …", and what only speaks of them.

Told is also what both know and others can find out (the last four digits of a telephone number). Not told are a passphrase
that comes by another way, rules for passphrases, and the passcodes of meetings and of networks for guests.
"""

import re
from collections.abc import Iterator

from filters.detect.passphrase_clues import described
from filters.detect.passphrase_concepts import CONCEPTS, pattern
from filters.detect.passphrase_openers import FILES, elsewhere, opened
from filters.detect.passphrase_sentences import stated
from filters.detect.passphrase_slots import slotted
from filters.detect.passphrase_words import COMMON, OF_A_THING, bare, could_be, file_named, is_password, kinds
from filters.detect.randomness import ODD, wordiness
from filters.detect.text import Idle

_ABROAD = (
    pattern("word", "zh", "ko", "de", "fr", "es", "it", "pt", "nl", "north", "east", "asia", python=True)
    + r"|(?<![a-z])clave(?=[ ]?:)"
)
_FOREIGN = re.compile(_ABROAD, re.IGNORECASE)
NAMED = re.compile(
    r"パ[ \u3000]?ス[ \u3000]?ワ[ \u3000]?ー[ \u3000]?ド(?![ァ-ヴ])|パスフレーズ|ぱすわーど|ﾊﾟｽﾜｰﾄﾞ|pass ?ワード|暗証(?:番号|キー|コード|(?=[は:]))|ロックナンバー|phrase|magic word|secret (?:word|to open)"
    r"|(?:解凍|開封|復号|解錠|展開|閲覧)用の[^\n。:は]{1,8}(?:です)?(?=[は:。])"
    r"|(?:解凍|開封|解除|復号|暗号|解錠|開錠|展開|閲覧)(?:用の?|時?に必要な)?(?:キー|鍵|コード|番号|文字列|パス(?!ワード|フレーズ))"
    r"|(?:解凍|開封|復号|ロック解除)(?:に|の際|時|する)?(?:は|:)|合言葉|(?<![A-Za-z])P[./]?WD?(?![A-Za-z]|-[0-9])"
    r"|(?<![A-Za-z])pass(?:[ -]?(?:word|phrase|code|key)(?![A-Za-z_])|wd(?![A-Za-z])|(?=[ ]{0,2}[:=はが→「(]| is ))|(?<![ァ-ヶー])パス(?=[\s:は→「を]|忘れ|です|の?(?:前半|後半))|開く(?:ため)?の(?:鍵|キー|番号)"
    r"|(?:開く|開ける|解く)(?:ため|とき|時|際)?の?(?:鍵|キー|番号|コード|言葉|文字列)|(?:(?:ダウンロード|ﾀﾞｳﾝﾛｰﾄﾞ|DL)用?の?(?:キー|コード|番号|鍵|パス)|(?:受け?取り?|取り?出し)用?の?(?:キー|鍵|パス))(?=[ ]{0,2}[:=はが→「【(])|パスコード(?=[はを:→「 ])|(?:ファイル|ロック|zip|pdf)の(?:鍵|キー|番号|暗証番号|暗証)|(?<![A-Za-z])(?:PIN|ps?sw|pswd)(?=[ ]{0,2}[:=はが])"
    r"|(?<![A-Za-z])(?:key|code|pin)(?: to open (?:it|them)| (?:to open|for) the [a-z]{3,12})(?![a-z])|(?<![A-Za-z])access code(?=[ ]{0,2}:)"
    rf"|{_ABROAD}|(?:decryption|unlock|opening) (?:code|key)",
    re.IGNORECASE,
)
WAKES = (
    "中身|zip|pdf|schlüssel|压缩|試し|(?:^|[^a-z])try(?:[^a-z]|$)|キー|ぱす|打开|열|압축|ouvre|abre|apre|ひら[くき]|あけ[るて]|といて|かいとう|いれて|文字列|英数字|圧縮|解け|コード|フレーズ|archive|secret|phrase|öffn|entpack|ouvrir|ouvert|abrir|aprire|パ[ \u3000]?ス|ぱすわーど|ﾊﾟｽﾜｰﾄﾞ|暗証|合言葉|ｐｗ|ｐ／ｗ|ｐａｓｓ|ｕｎ|ｄｅ|ｏｐｅｎ|ｅｎ|ｋｅ|解凍|解除|復号|暗号|展開|開|入力|ロック|錠|保護|locked|when asked|asks|phrase|magic word|secret word|secret to open|ヒント|mdp|clave|提取码|解压码|鍵"
    "|(?:^|[^a-z])(?:7z|rar|p[./]?wd?|pass(?:[ -]?(?:word|phrase|code|key)|wd)?)(?:[^a-z]|$)"
    "|passwor[td]|kennwort|mot de passe|contraseña|wachtwoord|senha|lösenord|passord|adgangskode|hasło|парол|密码|密碼|비밀번호|암호|mật khẩu|şifre"
    "|(?:^|[^a-z])(?:pin|ps?sw|pswd|code|key)(?:[^a-z]|$)|鍵|番号|暗証|unlock|decrypt|unzip|extract|open|protected|encrypted|"
    + pattern("word")
    + "|"
    + pattern("open")
    + "|"
    + pattern("lock")
)
"""RE2: matches the mail's texts wherever one may be told."""
NEAR, NEXT = 80, 20
"""Characters behind the word for a passphrase in which it stands; those in which it need not be announced."""
_BEFORE, _BEHIND = 140, 300
"""Characters in front of and behind the word for one that decide whether it names one: more than is looked at."""
MOST = 5_000
"""Words for a passphrase in one text, each between others, that name none, and words that are none, each different; more
than that are not looked at."""
WEAK = 4
"""Characters of words ("PW", "pass") that name other things as well."""
_WORD = re.compile(r"[!-~]{4,64}")
_TELLS = re.compile(r"(?:[:は=。「『→⇒】をが、(是为為]|->|(?<![A-Za-z])(?:is|est|es|ist|lautet|è|é))$")
_NUMBER_TELLS = re.compile(
    r"(?:[:は=「『→⇒【>\-(、が)を。】〕\]…/是为為]|\.\.\.|として|には|数字で?|(?<![A-Za-z])(?:is|est|es|ist|lautet|è|é|enter|to|now))$"
)
"""What stands right before one that is told."""
_QUOTED = re.compile(
    r"\s{0,3}(?:は|が|を|に|:|=|is|→)?[、,]?[ \u3000]?(?:(?:ひらがな|平仮名|カタカナ|漢字|ローマ字|英字|英数|半角|全角|小文字|大文字|すべて|全て)(?:で|の))?[「『“\"]([^「」『』“”\"\n。]{3,40})[」』”\"]"
)
_ALONE = re.compile(r"^[ \t\u3000*【「『<\[]{0,6}([!-~]{4,64}?)[ \t\u3000\r*】」』>\]]{0,6}$", re.MULTILINE)
_CELL = re.compile(r"(?:[|\t,]|  )[ ]{0,20}([!-~]{5,64})[ \r]{0,20}(?=[|\t,\n]|$)")
_OF_SOMETHING_ELSE = re.compile(
    r"[ \u3000]?(?:は|も|が)?(?:不要|なし|無し|必要(?:ありません|ない|なく)|かけて(?:おりません|いません)|設定して(?:おりません|いません))"
    r"|[ \u3000]?の?(?!通知|お知らせ|ご?連絡|ご?案内|件|送付|追送|再送|半角|全角|英数|英字|数字|小文字|大文字|入り|失念|失礼|遅|欄(?=:|に[「 ]?[!-~])|及び|および|ヒント|方)(?:お|ご)?[一-龥ァ-ヴレ]"
    r"|付|[ ](?!(?:for|to|is|was|of|below|here|that|you|which|needed|required|follows?|following|as|in|on|will|and|protect\w{0,6}|are|again|hint|from|now|or|key|code|word|phrase|still|so|i|we|if|once|del|della|de|di|du|per|ist|lautet|zum|zur|der|die|das|es|est)(?![a-z]))[a-z]{3,}(?=[ .,]|$)",
    re.IGNORECASE | re.MULTILINE,
)
"""Behind the word: what the text is about is not a passphrase itself."""
_DOORS = re.compile(
    r"入口|玄関|裏口|ドア|扉|部屋|ロッカー|宅配|金庫|ゲート|駐車|キーボックス|door|gate|locker|key ?box|(?<![a-z])safe(?![a-z])|hotel|複合機|プリンタ",
    re.IGNORECASE,
)
_SHOP = re.compile(r"店頭|店舗|ご?来店|レジ|会場|キャンペーン|特典|特価|特別価格|抽選|クーポン")
_TRIED = re.compile(
    r"(?:failed|wrong|invalid|incorrect|forgot(?:ten)?|reset|change[ds]?|lost|new|no) $", re.IGNORECASE
)
"""In front of "password": somebody's attempt or account."""
_MEASURED = re.compile(
    r"(?<![a-z])(?:fail|skip|n=|lot|cpk|status)|検査|試験|結果|判定|合格|通過|不良", re.IGNORECASE
)
"""Around "PASS": a result."""
_NEW_HEAD = re.compile(r"[一-龥ァ-ヴー]{2}(?:は|が|を)[ 「]{0,2}$")
_SAME_HEAD = re.compile(r"パス|キー|鍵|番号|文字列|解凍|復号|開封|暗証|以下|下記|コード")
_TICKET = re.compile(
    r"(?:boarding|season|day|entry|visitor|bus|rail|ski|annual) $|(?:入場|入館|駐車|乗車|年間|定期|優待|搭乗|周遊|通行|1日|一日)$",
    re.IGNORECASE,
)
"""In front of "pass": a paper."""
_SAID = re.compile(r"(?<![!-~])([!-~]{4,64})[ ]?(?:です|でお願い|になり|となり|でござ)")
_TO_TRY = re.compile(
    r"\b(?:try|use|it's|it is|enter|type)[ :]{1,2}([!-~]{5,40})|(?<![!-~])([!-~]{5,40})[ 　]?(?:で(?!す?か)|を(?:お?試|[ごお]?(?:使|入)))",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[」』\"']?[ ]?(?:です|でお願い|になり|となり|でござ|\(半角|\(小文字|\(大文字)|[」』]|\)?[ \r]{0,3}(?:\n|$)"
)
"""Behind a passphrase of letters only, which may be a word of the language."""
_ON_A_LINE = re.compile(r"\n[ \u3000・*■●◆\-]{0,6}$")
_INSTANCE = re.compile(r"例|e\.?g\.|for example|such as", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r"(?:使わ|使用し|設定し)な|避け|不可|禁止|推測|\b(?:never|not|avoid)\b", re.IGNORECASE
)
"""Behind a word: it is none that anybody should take."""
_UNITS = re.compile(
    r"\s?(?:年|月|日|時|分|円|名|件|人|文字|桁|個|回|%|mb|kb|characters?|digits|days|times)", re.IGNORECASE
)
_REFERRED = re.compile(
    r"[.。;]\s[^.。\n]{0,12}(?<![a-z])(?:ref|réf|az|nr|no|ticket|case|reference|受付|番号|管理)[^.。\n]{0,6}[.: ]{0,3}$",
    re.IGNORECASE,
)
"""Right in front, behind a whole sentence: under what number one asks after it."""
_ADDRESS = re.compile(r"://[^\s]*$")
"""In front of a word that is a part of an address."""
_NEW_SENTENCE = re.compile(
    r"[.!?]\s+(?!It |It'|Please |Use |Enter |Type |You |The (?:pass|code|key))[A-Z][a-z]{1,12} [^\n:=]*$"
)
"""Another sentence has begun, which names something else."""
_HAD = re.compile(
    r"(?:事前|前もって|以前|前回|前便|先日|従来|いつも|既に|すでに|口頭|(?:お|ご)?電話|SMS|郵送|書面|対面|取り決め)[^。\n]{0,16}(?:お伝え|ご連絡|お知らせ|ご案内|お渡し|申し上げ|通り|とおり|同じ|同一|もの|です|ます)[^。\n]{0,10}。",
)
"""A whole sentence that says that they have it, or get it otherwise."""
_PARTS = re.compile(
    r"(?:前半|後半|[1-3１-３一二]つ目|[1-3一二]行目|(?:first|second|last|1st|2nd) (?:half|part)|part [12])(?: ?の?部分)?[ ]?(?:は|が|を|is|[:=→])[ 「]{0,3}([!-~]{3,40})",
    re.IGNORECASE,
)
"""A passphrase in two pieces, so that no mail tells the whole."""
_JOINED_PARTS = re.compile(
    r"(?:two|three|2|3) (?:parts|halves|pieces)[^\n.:]{0,16}[:,][ ]?([!-~]{2,40})(?: and |, | \+ )[!-~]{2,40}|[2-3二三]つに分け[^\n。]{0,20}[「:]([!-~]{2,40})[」]?(?:と|、|\+)",
    re.IGNORECASE,
)
_APART = re.compile(r"(?<![!-~])(?:[!-~][ ]){5,40}[!-~](?![!-~])")
"""Its characters one by one."""
_SEVERAL = re.compile(
    r"(?:[ ]?\([^()\n]{1,30}\))?(?:[ ](?:is|was)[ ]?:?|[ ]?[:=は])[ ]{0,2}[\"'「]?((?:[a-z]{3,12}[ \-]){3,7}[a-z]{3,12})[\"'」]?[ \r]{0,3}(?:です|[(.,]|$)",
    re.MULTILINE,
)
_LABELLED = re.compile(
    r"^[^\S\n]*[・■●◆*>\-]?[ ]?(?:(?:zip|pdf|7z|xlsx|docx|file|excel|ファイル|資料|添付|解凍|開封|閲覧)[^\S\n]?の?)?(?:pass(?:word|phrase|code)?|pass?wd|p/?wd?|パスワード|パス|鍵|キー|key)[ 　\t:=→/]{1,4}([!-~]{5,40})[ 　\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
DRAWN = 2
"""Kinds of characters of what stands behind a word for it, and nothing else."""
_SENTENCE = re.compile(
    r"\b(?:the|is|are|was|will|has|have|be|been|to|by|and|or|of|for|with|your|you|not|we|via|from|sent|please|must|see|same|as|this|that|it)\b"
)
_ALL_LETTERS = re.compile(
    r"(?:を)?(?:[ ]?[:=→]|は)[ ]{0,2}[\"'「]?([a-z]{6,20}|[A-Z]{6,20})[\"'」]?[ \r]{0,3}$", re.MULTILINE
)
_STATE = re.compile(
    r"(?:none|required|needed|unchanged|separate(?:ly)?|later|same|see|optional|enabled|disabled|follows?|following|attached|below|above|unknown|pending|tomorrow|today|confidential"
    r"|phone|telephone|please|default|strong|weak|wrong|correct|[a-z]{3,16}(?:ed|ing|ly|able|tion))",
    re.IGNORECASE,
)
"""What is said of a passphrase without telling it."""


def told(text: str, *, locked: bool = False, named: bool = False) -> Iterator[int]:
    """Where a passphrase that the text tells stands, or what says which it is; the text is `narrow`. `locked`: a locked file
    comes with it; `named`: the subject speaks of a passphrase."""
    yield from described(text)
    idle = Idle()
    last = len(text) - _BEHIND
    in_shops = "合言葉" in text and _SHOP.search(text) is not None
    for match in NAMED.finditer(text):
        start, end = match.span()
        seen = text[start - _BEFORE : end + _BEHIND] if start >= _BEFORE and end <= last else ""
        if seen in idle or (in_shops and match[0] == "合言葉"):
            continue
        if _ADDRESS.search(text, max(0, start - _BEFORE), start):
            continue
        if idle.different >= MOST:
            break
        found = False
        for at in _named(text, match):
            found = True
            yield at
        if not found:
            idle.add(seen)
    yield from _labelled(text)
    if named or NAMED.search(text):
        for match in _PARTS.finditer(text):
            if not match[1].isalpha() or not match[1].islower():
                yield match.start(1)
        yield from (match.start(match.lastindex or 0) for match in _JOINED_PARTS.finditer(text))
    yield from opened(text)
    yield from slotted(text, locked=locked or named)
    yield from stated(text, locked=locked or named, named=named)


def _labelled(text: str) -> Iterator[int]:
    """Where one stands alone in its line behind nothing but a word for it: "PASS Ab12cd", "zip pw = …"."""
    for match in _LABELLED.finditer(text):
        if (
            is_password(bare(match[1]), announced=True)
            and kinds(match[1]) >= DRAWN
            and not elsewhere(text, *match.span())
        ):
            yield match.start(1)


def _named(text: str, match: re.Match[str]) -> Iterator[int]:
    """Where a passphrase stands that a word for one names."""
    if not _means_another(text, match):
        yield from _behind(text, match.end(), weak=len(match[0]) <= WEAK)
        yield from _of_letters(text, match.end())


def alone(text: str) -> Iterator[int]:
    """Where words that can be passphrases stand on a line of their own."""
    for expression in (_ALONE, _SAID):
        yield from _words(text, expression, 0)


def tried(text: str) -> Iterator[int]:
    """Where a word that can be one stands behind "try" or in front of 「で」, in the answer to who asks for it."""
    for match in _TO_TRY.finditer(text):
        if could_be(bare(match[match.lastindex or 0])):
            yield match.start(match.lastindex or 0)


def celled(text: str) -> Iterator[int]:
    """Where words that can be passphrases stand in a cell of their own."""
    return _words(text, _CELL, 2)


def _words(text: str, pattern: re.Pattern[str], least: int) -> Iterator[int]:
    """Where words that a pattern finds can be passphrases, of at least so many kinds of characters."""
    idle = Idle()
    for match in pattern.finditer(text):
        word = match[1]
        if word in idle:
            continue
        if is_password(bare(word), announced=True) and kinds(word) >= least:
            yield match.start(1)
        elif idle.different >= MOST:
            break
        else:
            idle.add(word)


def _means_another(text: str, named: re.Match[str]) -> bool:
    """True where the word speaks of something else than the passphrase of a file."""
    return (
        (_OF_SOMETHING_ELSE.match(text, named.end()) is not None and not _FOREIGN.fullmatch(named[0]))
        or _TICKET.search(text, max(0, named.start() - 12), named.start()) is not None
        or _TRIED.search(text, max(0, named.start() - 12), named.start()) is not None
        or _DOORS.search(text, max(0, named.start() - 30), named.end() + 14) is not None
        or (
            named[0].lower() == "pass"
            and _MEASURED.search(text, max(0, named.start() - 30), named.end() + 40) is not None
        )
        or (
            named[0] == "合言葉"
            and FILES.search(text, max(0, named.start() - NEAR), named.end() + NEAR) is None
        )
        or elsewhere(text, *named.span())
        or CONCEPTS["alien"].search(text[max(0, named.start() - 10) : named.start()].rpartition("\n")[2])
        is not None
    )


def _behind(text: str, end: int, *, weak: bool) -> Iterator[int]:
    """Where passphrases stand behind the word for one, which ends here."""
    quoted = _QUOTED.match(text, end)
    if (
        quoted
        and not file_named(quoted[1])
        and quoted[1].lower() not in COMMON
        and not _is_forbidden(text, quoted.end())
    ):
        yield quoted.start(1)
    for word in _WORD.finditer(text, end, end + NEAR):
        own = bare(word[0])
        start = word.start() + max(0, word[0].find(own))
        between = text[end:start]
        gap = between.strip()
        right_before = _NUMBER_TELLS.search(gap) is not None or _ON_A_LINE.search(between) is not None
        announced = "\n" in between or _TELLS.search(gap) is not None
        announced = announced or (len(between) <= NEXT and not re.search("[A-Za-z]", between))
        if own.isdigit():
            if OF_A_THING.match(text, start + len(own)):
                continue
            announced = (not gap or right_before) and _UNITS.match(text, start + len(own)) is None
        if weak and re.search(r"[^\s:=(][、,;]", between):
            continue
        if _REFERRED.search(between) or _NEW_SENTENCE.search(between):
            continue
        if "。" in between and (
            _HAD.search(between) or ("。" in between.rstrip()[:-1] and not (announced and _goes_on(between)))
        ):
            continue
        given = is_password(own, announced=announced) or (right_before and _is_word(text, start, own))
        if given and _INSTANCE.search(between) is None and not _is_forbidden(text, start + len(own)):
            yield start


def _goes_on(between: str) -> bool:
    """True where the sentence behind the named one still speaks of the passphrase, not of something that it names itself."""
    own = between.rpartition("。")[2]
    return _NEW_HEAD.search(own) is None or _SAME_HEAD.search(own) is not None


def _is_forbidden(text: str, end: int) -> bool:
    return _FORBIDDEN.search(re.split(r"[\n。.]", text[end : end + 40], maxsplit=1)[0]) is not None


def _of_letters(text: str, end: int) -> Iterator[int]:
    """Where passphrases of one kind of letters, of several words, or of characters set apart stand right behind the word."""
    if (words := _SEVERAL.match(text, end)) and not _SENTENCE.search(words[1]):
        yield words.start(1)
    if (
        (letters := _ALL_LETTERS.match(text, end))
        and not _STATE.fullmatch(letters[1])
        and letters[1].lower() not in COMMON
    ):
        yield letters.start(1)
    if (apart := _APART.search(text, end, end + NEAR)) and not re.search(
        r"[A-Za-z]", text[end : apart.start()]
    ):
        yield apart.start()


def _is_word(text: str, start: int, word: str) -> bool:
    """True for letters of one size that stand where only a passphrase would."""
    one = word.islower() or word.isupper()
    return (
        len(word) >= 6 and word.isalpha() and one and word.lower() not in COMMON and _ends(text, start, word)
    )


def _ends(text: str, start: int, word: str) -> bool:
    """True when letters alone stand where only a passphrase would: at the end of what is said, and odd as a word."""
    end = _ENDS.match(text, start + len(word))
    return end is not None and (("\n" not in end[0] and bool(end[0])) or wordiness(word) < ODD)
