"""Passphrases that are described instead of told: by what both know, and others find out (OUT-PASSWORD).

    パスワードは御社の電話番号下4桁です。        The password is your customer number.

Not described are rules for passphrases ("誕生日は避けてください"), and ways by which one comes ("お電話で").
"""

import re
from collections.abc import Iterator

from filters.detect.text import Idle

_NEXT = 50
"""Characters in front of a clue in which the word for a passphrase stands."""
_CLUE = re.compile(
    r"電話番号|携帯番号|お客様番号|会員番号|郵便番号|誕生日|生年月日|社員番号|口座番号|(?:下|末尾|後ろ|頭|最初の|最後の)\s?[0-9一二三四五六]{1,2}\s?[桁ケけ]"
    r"|last [a-z0-9]{1,8} digits|phone number|postal code|post ?code|zip code|birthday|date of birth",
    re.IGNORECASE,
)
_NAMED = re.compile(r"暗証|パスワード|パスフレーズ|PW|解凍キー|pass(?:word|code|phrase)", re.IGNORECASE)
_NOT_THAT = re.compile(
    r"[やと・、][^\n。]{0,20}(?:避|使わ|しない|しては)|(?:など|等)?(?:では(?!ない)|以外|[はをの](?:避|使|用い|設定|含|入れ|利用)|に(?:しない|しては|なさら)|[^\n。]{0,8}(?:おやめ|控え|ご遠慮))"
    r"|,? (?:or|are|is) (?:not|never|easy)",
    re.IGNORECASE,
)
"""Behind a clue: rules for passphrases."""
_KNOWN = "番号|コード|コードネーム|日付|日|年|西暦|アドレス|(?:より|以)前|部分|住所|〒|TEL|FAX|(?<!別)名|ローマ字(?:表記)?|英語表記|英字|アルファベット|イニシャル|頭文字|略称|ID|内線|ドメイン|生年月日|誕生日"
_FILE_KEY = r"(?:パスワード|パスフレーズ|解凍キー|暗証|(?<![A-Za-z])PW|(?<![A-Za-z])PASS|(?<![ァ-ヶー])パス)"
_HEAD = re.compile(rf"{_FILE_KEY}(?:は|[:]|が|につきましては|については)?", re.IGNORECASE)
_END = re.compile(
    rf"(?:{_KNOWN})(?:の?[大小]文字)?(?:[+＋][^\n。+＋]{{1,12}})?(?:の?(?:下|末尾|上)?[0-9一二三四五六七八九十]{{1,2}}[桁ケけ])?(?:\([^()\n]{{0,20}}\))?[ 　]?(?:です|となり|になり|でお願い|に設定|にして|と同じ|を[ごお]?(?:入力|使|利用)|でご?ざ|[+＋]|$)",
    re.IGNORECASE,
)
_FACT = r"郵便番号|電話番号|番号|生年月日|誕生日|日付|設立[^\s。、]{0,6}|創業[^\s。、]{0,6}|社名|会社名|貴社名|氏名|お名前|アドレス|ドメイン名?|コード|ローマ字|西暦|イニシャル|略称"
_MADE = re.compile(
    rf"(?:{_FACT})[^。\n]{{0,24}}(?:を|が|は)(?:そのまま)?[^\s。、]{{0,6}}(?:パスワード|パスフレーズ|PW|解凍キー|開封キー)(?:に|と|です|として|とな)(?![^。\n]{{0,10}}(?:しない|ないで|ません|使わ|避))",
    re.IGNORECASE,
)
"""The fact first: 「郵便番号を解凍パスワードにしました」."""
CLAUSE = 60
"""Characters behind the word in which it is described."""
_OTHERWISE = re.compile(
    r"別|郵送|電話[でに]|SMS|知らせ|連絡|送[らりっる付信](?!日)|問い?合わ|変更|再設定|記載|ご自身|忘れ|期限|有効|失効|更新(?!日)|管理(?!番号|コード)|の(?:設定|入力|再発行|初期化|通知)|[^一-龥]担当$|ません|ない|以上|以内"
)
"""It says how a passphrase comes, or how it has to be, not which it is."""
_HINTED = re.compile(
    rf"(?:{_FILE_KEY}|pass(?:word|phrase|code))(?:の|[ ])?(?:ヒント|hint)(?![^\n。]{{0,12}}(?:ません|no ))[ ]?(?:は|[:=]|is)[ \n\r　]{{0,4}}[^\s。]{{2}}|(?:^|\n)[ 　(]{{0,3}}ヒント[:は]",
    re.IGNORECASE,
)
"""Who gets a hint, and who finds it, can guess."""
_OPENED_BY = re.compile(
    rf"(?:{_CLUE.pattern}|社員番号|契約番号|注文番号|請求書番号)[^\n。、]{{0,10}}で[おご]?(?:開|解凍|ロック|保護|暗号化|解除|閲覧|施錠)"
    r"|(?:zip|pdf|excel|エクセル|ファイル|添付|書庫|アーカイブ)[^\n。]{0,24}(?:日付?|番号|電話|氏名|社名|コード|桁)(?:\([^()\n]{0,16}\))?で[おご]?(?:開[きくけ]|解凍|ロック|保護|暗号化|解除|閲覧|施錠)"
    r"|\b(?:open|unlock|decrypt)s?[^\n.]{0,24} (?:using|with) (?:your|our|the) (?:[a-z'-]{1,14} ){0,3}(?:numbers?|digits|name|id|postcode|birthday|date of birth|initials|extension|surname)(?![a-z])(?! (?:key|lock|plate))"
    r"|\b(?:your|our|the) (?:[a-z'-]{1,14} ){0,6}(?:numbers?|digits|name|postcode|birthday|initials|extension) as (?:the |its |a )?pass(?:word|phrase|code)",
    re.IGNORECASE,
)
_IN_ENGLISH = re.compile(r"pass(?:word|phrase|code)|code to open|the (?:zip|pdf|file)|\buse ", re.IGNORECASE)
_GERMAN = re.compile(
    r"(?:[Pp]asswort|[Kk]ennwort)[^\n.:]{0,12} (?:ist|lautet) Ihre? [A-Z][a-zäöü]{2,20}(?:nummer|datum|name|zahl)"
)
_SAYS = frozenset(["is", ":", "=", "with", "use", "using"])
_WHOSE = frozenset(["your", "our", "my", "the", "today's", "this", "name"])
_WHICH = frozenset(
    [
        "number",
        "numbers",
        "digit",
        "digits",
        "date",
        "name",
        "id",
        "postcode",
        "birthday",
        "birth",
        "year",
        "initials",
        "extension",
        "domain",
        "code",
        "surname",
    ]
)
_NOT_IN_ENGLISH = re.compile(
    r"\b(?:not|never|(?:by|via) (?:tele)?(?:phone|mail|e-?mail|sms|text|post|fax|courier|separate|letter|signal|chat|whatsapp|teams|slack)|changed?|expire|policy|separate|phoned?|sent|required?|forgot|last (?:time|year|month|week)|before|usual)\b",
    re.IGNORECASE,
)


def described(text: str) -> Iterator[int]:
    """Where a text says which passphrase it is without telling it."""
    idle = Idle()
    last = len(text) - _NEXT
    for clue in _CLUE.finditer(text):
        start, end = clue.span()
        seen = text[start - _NEXT : end + _NEXT] if start >= _NEXT and end <= last else ""
        if seen in idle:
            continue
        if named := _clued(text, clue):
            yield named.start()
        else:
            idle.add(seen)
    idle = Idle()
    for head in _HEAD.finditer(text):
        if (seen := text[head.start() : head.end() + CLAUSE]) in idle:
            continue
        clause = re.split(r"[\n\r。]", text[head.end() : head.end() + CLAUSE], maxsplit=1)[0]
        known = _END.search(clause)
        if known and not _OTHERWISE.search(clause[: known.end()]):
            yield head.start()
        else:
            idle.add(seen)
    for pattern in (_HINTED, _OPENED_BY, _MADE):
        yield from (match.start() for match in pattern.finditer(text))
    yield from (match.start() for match in _GERMAN.finditer(text))
    idle = Idle()
    for match in _IN_ENGLISH.finditer(text):
        if (seen := text[match.start() : match.start() + 2 * CLAUSE]) in idle:
            continue
        clause = re.split(r"[\n.]", seen, maxsplit=1)[0]
        if _is_clue(clause.lower()) and not _NOT_IN_ENGLISH.search(clause):
            yield match.start()
        else:
            idle.add(seen)


def _clued(text: str, clue: re.Match[str]) -> re.Match[str] | None:
    """The word for a passphrase that a clue describes."""
    begin = max(0, clue.start() - _NEXT)
    sentence = max(text.rfind(end, begin, clue.start()) for end in "。.\n") + 1
    if _NOT_THAT.match(text, clue.end()):
        return None
    named = _NAMED.search(text, max(begin, sentence), clue.start())
    return None if named and _NOT_IN_ENGLISH.search(text, named.end(), clue.start()) else named


def _is_clue(clause: str) -> bool:
    """True for an English clause that says: it is your number."""
    words = re.findall(r"[a-z']+|[:=]", clause)
    named = (
        any(word.startswith("pass") for word in words)
        or words[:3] == ["code", "to", "open"]
        or "with" in words
    )
    for at, word in enumerate(words[:-2]):
        if word in _SAYS and words[at + 1] in _WHOSE and _WHICH.intersection(words[at + 1 : at + 8]):
            return named
    return False
