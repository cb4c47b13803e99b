"""What a locked file opens with, where no word for a passphrase stands (OUT-PASSWORD).

    ファイルを開くには {it} と入力してください。      Use {it} to unlock the PDF.

Also where it stands in front of the word: 「{it} がパスワードです」. What may be a program ("7-Zip で解凍") is none; nor are the passcodes
of meetings and of networks for guests.
"""

import re
from collections.abc import Iterator

from filters.detect.passphrase_concepts import CONCEPTS
from filters.detect.passphrase_words import PRODUCT, bare, could_be, is_password, kinds
from filters.detect.randomness import is_random
from filters.detect.text import Idle

AROUND = 120
"""Characters around it in which other things give a word another meaning."""
ELSEWHERE = re.compile(
    r"(?:meeting|webinar|conference|会議|ミーティング|ウェビナー)(?: ?の)? ?(?:id|number|番号|コード)|zoom\.us/|webex\.com/"
    r"|teams\.(?:live|microsoft)\.com/|meet\.google\.com/|(?:join|参加)[^\n]{0,12}https?://|https?://[^\s]{0,30}(?:meet|join|zoom|webinar)|(?<![a-z])(?:ssid|wi-?fi|wlan)(?![a-z])|无线|와이파이|会议|會議|視訊|회의|無線lan|ゲスト用|来客用|guest network",
    re.IGNORECASE,
)
"""Passcodes of meetings and of networks for guests let those in who are invited; they go to them with the invitation."""
MOST = 5_000
"""Sentences of one text, each different, that may tell one and do not; more than that are not looked at."""
BEFORE, BEHIND = 60, 44
"""Characters around a word that may be its sentence."""
_ENDS_BEFORE = re.compile(r"[。?！？]|[.!?][ \n]|\n[ \r\u3000]*\n")
_ENDS_BEHIND = re.compile(r"[。\n？！]|[.!?](?: |$)")
_ALIEN = re.compile(
    r"予約|会員|追跡|送り状|登録|招待|紹介|優待|割引|クーポン|視聴|受付|整理|伝票|型[番式]|部品|製品|商品|品番|図番|図面番号|認証|ログイン|アカウント|フォーム|ゲート|駐車|宅配|ロッカー|金庫|裏口|玄関|入口|ドア|部屋|会議室"
    r"|エラー|不具合|アラーム|警報|指紋|拇印|ピン|コネクタ|仕様|規格|方式|交換|仕上|フォルダ|シート(?!保護)|(?<!エク)セル|件名に|欄に(?!は)|ファイル名|拡張子|管理番号|資料番号|お問い?合"
    r"|(?<![a-z])(?:coupon|promo|discount|tracking|parcel|shipment|voucher|checkout|booking|order|part(?! (?:one|two|three|[123]|of)(?![a-z0-9]))|serial|product|log ?in|account|sign ?in|two-factor|verification|otp|invite|door|gate|room|hotel|locker|error|alarm"
    r"|fingerprint|dates?|contact|review|dial|conference|rotation|ticket|case(?![ -]sens)|screws?|torx|nut|hex|build|version|later|press|figures?|gate|turnstile|id)(?![a-z])",
    re.IGNORECASE,
)
"""Whose code it may be instead."""
_IDLE = re.compile(
    r"(?<![a-z])(?:until|by law|warranty)(?![a-z])|場合|ません|ないで|なかった|不具合|エラー|のような|など|推測|避け|と表示|(?<![a-z])(?:fails?|not|never|such as|e\.g\.)(?![a-z])",
    re.IGNORECASE,
)
TOPIC = re.compile(
    r"[」』\"']?[ ]?(?:は|へ|まで|に(?:あ|保存|格納|置|接続|行|お越し)|と(?:表示|出|いうエラー)|を ?[0-9]+ ?[本個枚台箱部冊式])"
)
"""Behind a word: it is what is spoken of, or where something lies."""
_INSTANCE = re.compile(
    r"(?:例|たとえば|例えば|e\.g\.|for example|such as)[:は、, ]{0,2}[「\"]?$", re.IGNORECASE
)
_ENTERED = re.compile(
    r"prompted[^\n]{0,30}?\b(?:enter|type|use)[ :]{1,3}[\"'“「]?([!-~]{4,64})|(?:開く|解凍|開封)[^\n。]{0,10}?は[ 、]{0,2}([!-~]{4,64})[ ]?が必要|\b(?:enter|type|key in)[ :]{1,3}[\"'“「]?([!-~]{4,64})[ ](?:when|at the|if|to open)"
    r"|\bopens? (?:it|them|the [a-z]{3,12}):[ ]{1,3}[\"'“「]?([!-~]{4,64})|encrypted[;,] use[ :]{1,3}[\"'“「]?([!-~]{4,64})|"
    r"(?:unlock|open|decrypt|extract|unzip|unpack)[^\n.:]{0,60}?\b(?:enter|type|key in)[ :]{1,3}(?:the (?:code|word|key) )?[\"'“「]?([!-~]{4,64})"
    r"|\b(?:enter|type|use)[ :]{1,3}[\"'“「]?([!-~]{4,64})[ ][^\n.]{0,40}\b(?:unlock|decrypt|unzip)"
    r"|[「『]([!-~]{4,64})[」』][ ]?(?:と|を|で|に)[^\n。]{0,20}(?:入力|解凍|開|展開|解除)"
    r"|(?<![!-~])([!-~]{5,64})[ ]?[とを]ご?入力|(?<![!-~])([!-~]{4,64})[ ]?[」』]?[とを][ごお]?(?:入れ|打|タイプ)[^\n。]{0,12}(?:開|解|外)"
    r"|(?:開ける|開く|外す|解く)(?:に|とき|時)は[、 ]?[「『]([!-~]{4,64})[」』]|\bwhen asked,? (?:enter|type|use|give)[ :]{1,3}[\"'“]?([!-~]{4,64})",
    re.IGNORECASE,
)
"""What somebody enters, to open something."""
_LOCK = re.compile(
    r"開|解|ファイル|zip|pdf|添付|ロック|復号|展開|閲覧|open|unlock|lock|attach|file|prompt|ask|excel|archive|encrypt|extract|pack",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:unlock|decrypt|unzip|open) (?:it|them|the [a-z]{3,12}):[ ]{1,3}[\"'“「]?([!-~]{5,64})|\buse[ ]{1,2}([!-~]{5,64}) to (?:open|unlock|decrypt|unzip)"
    r"|(?:encrypted|locked|protected)[^\n]{0,40}?\b(?:key|code)[ ]?[:=][ ]{0,3}([!-~]{5,64})|(?<![!-~])([!-~]{5,64}) (?:will )?(?:open|unlock|decrypt)s? (?:it|them|the )|"
    r"(?:unlock|open|decrypt|extract|unzip|unpack)(?:s|ed)?\b[^\n.:]{0,60}?\b(?:with|by|using)(?: the (?:code|word|key))?[ :]{1,3}[\"'“「]?([!-~]{5,64})"
    r"|(?:protected|locked|encrypted)(?: with)?[ :]{1,3}[\"'“「]?([!-~]{5,64})"
    r"|(?<![!-~])([!-~]{5,64})[ ]?(?:で|を使って|にて)ご?(?:解凍|開|展開|解除|閲覧|外れ|外せ|解け|復号|暗号化|保護|ロック|施錠)"
    r"|(?:開|解凍|解除|ロック|復号|展開|閲覧)[^\n。、,]{0,16}(?:とき|時|際|は|に|には)[は、 ]{0,3}[「『]?([!-~]{5,64})[」』]?[ ]?[をと][ごお]?(?:使|入|打|用|利用)"
    r"|鍵[ ]?(?:は|[:=→])[ ]{0,2}([!-~]{5,64})|(?:以下|下記|次)(?:の[^\s。]{1,8})?を[ごお]?(?:入力|使|打|入れ)[^\n]{0,40}\n\s{0,20}([!-~]{5,64})[ \r\u3000]{0,20}(?=\n|$)"
    r"|\b(?:key|code)[ ]?[:=][ ]{0,2}([!-~]{5,64})[ ,(]{1,3}for (?:the|your) (?:zip|file|archive|pdf|attach|document)"
    r"|\byou(?:'ll| will)? need (?:this|it)[^\n.:]{0,20}:[ ]{0,2}([!-~]{5,64})",
    re.IGNORECASE,
)
"""What a locked file opens with, without a word for it: what is entered, and what may also be a program."""
_BACKWARDS = re.compile(
    r"(?<![!-~])([!-~]{5,64})[」』\"' \u3000]{0,3}(?:が|is|を|as|という|[ ]?(?:←|<-|<=|⇐|◀))[^\n。.]{0,30}?(?:パスワード|パスフレーズ|解凍キー|(?:the|your|as) (?:\w+ )?pass(?:word|phrase|code))",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"参加用|web ?会議|ビデオ会議|オンライン(?:面談|面接|商談)|meet\.[a-z]|/join/|ウェビナー|webinar|webex|zoom|google meet|teams ?会議|オンライン会議|dial-?in|join (?:us|the|by|with)",
    re.IGNORECASE,
)
FILES = re.compile(r"zip|ファイル|資料|添付|解凍|pdf|archive|attach|document|excel|エクセル", re.IGNORECASE)


def opened(text: str) -> Iterator[int]:
    """Where such a word stands; the text is `narrow`."""
    for pattern in (_ENTERED, _OPENS, _BACKWARDS):
        idle = Idle()
        last = len(text) - AROUND
        for match in pattern.finditer(text):
            start, end = match.span()
            seen = text[start - AROUND : end + AROUND] if start >= AROUND and end <= last else ""
            if seen in idle:
                continue
            if idle.different >= MOST:
                break
            if _opens(text, match, entered=pattern is _ENTERED):
                yield match.start(match.lastindex or 0)
            else:
                idle.add(seen)


def _opens(text: str, match: re.Match[str], *, entered: bool) -> bool:
    group = match.lastindex or 0
    word = bare(match[group])
    if entered and not _LOCK.search(text, max(0, match.start() - AROUND), match.end() + 60):
        return False
    start = match.start(group)
    if is_alien(*around(text, start, start + len(match[group]))):
        return False
    drawn = (kinds(word) >= 3 or is_random(word, 8)) and could_be(word) and PRODUCT.fullmatch(word) is None
    sure = entered or drawn or (word.isdigit() and len(word) >= 5)
    return sure and is_password(word, announced=True) and not elsewhere(text, *match.span())


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind a word in its sentence."""
    before = _ENDS_BEFORE.split(text[max(0, start - BEFORE) : start])[-1]
    return before, _ENDS_BEHIND.split(text[end : end + BEHIND], maxsplit=1)[0]


def is_alien(before: str, behind: str) -> bool:
    """True where a sentence speaks of another code, or of one that does not open."""
    return (
        _ALIEN.search(before) is not None
        or CONCEPTS["alien"].search(before) is not None
        or _ALIEN.search(behind[:14]) is not None
        or _IDLE.search(behind) is not None
        or _INSTANCE.search(before) is not None
    )


def elsewhere(text: str, start: int, end: int) -> bool:
    """True where it lets people into a meeting or a network for guests."""
    begin, stop = max(0, start - AROUND), end + AROUND
    if ELSEWHERE.search(text, begin, stop):
        return True
    return _JOINED.search(text, begin, stop) is not None and FILES.search(text, begin, stop) is None
