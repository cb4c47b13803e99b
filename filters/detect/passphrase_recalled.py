"""Passphrases that only who has the locked file would take for one (OUT-PASSWORD): told round about, in pieces, letter by letter.

    前回と同じで、最後だけ8に              the second half is Kx7Q           capital Kilo, lima, seven, dash …
    創業年(西暦)＋お客様番号の下4桁です     it opens with the contract number, no dashes

All of it means nothing to others, so it is looked for in short mails to those who got a locked file lately, and nowhere else.
What is asked for (「下4桁を伺います」), what is the same about something else (conditions, an order), and whose code it is
otherwise (a door's, a shop's) are none.
"""

import re
from collections.abc import Iterator

import re2

from filters.detect.passphrase_concepts import pattern, spoken_of
from filters.detect.passphrase_words import PRODUCT, bare, could_be, is_thing, kinds

LONGEST = 600
"""Characters of what its author writes: who tells one writes little."""
_SAME = re2.compile(
    r"(?i)前回|前の(?:もの|分|やつ|と)|以前|いつもの|先日|先週|先月|昨日|昨年|去年|この前|従来|これまで|\b(?:last (?:time|one|week|month|year|zip|file|archive)|as before|the previous one|as usual|the usual|the old one|yesterday'?s|letztes mal|wie (?:immer|zuletzt|beim letzten)|vom letzten|la dernière fois|comme d'habitude|la última vez|como siempre|l'ultima volta|come sempre|da última vez|vorige keer)\b|上次|和之前|지난번|저번"
)
_EDIT = re2.compile(
    r"(?i)末尾|最後(?:だけ|の|を|に|が)|先頭|頭(?:に|を|の)|後ろに|うしろに|付け|つけ足|足し|足す|足した|加え|大文字に|小文字に|逆から|置き換え|読み替え|から[^。\n]{1,10}(?:に|へ)|だけ[^。\n]{1,10}(?:に|へ)"
    r"|\b(?:at the end|in front|append(?:ed)?|add(?:ed)?|followed by|plus|instead of|replac\w+|swap\w*|changed? (?:the|to|from)|last (?:digit|character|letter|two|number)|first (?:digit|character|letter)|ending in|but (?:with|ending)|capital|statt|am ende|hinten|angehängt|ersetz\w+|au lieu de|remplac\w+|en lugar de|al final|al posto di|alla fine|no final|in plaats van)\b|à la fin|改成|换成|改为|加上|最后|끝|바꿔"
)
_OTHER = re2.compile(
    r"(?i)条件|数量|個数|[0-9]個|価格|単価|金額|納期|内容で|場所|時間|会場|日程|時刻|メンバー|構成|仕様|サイズ|住所|宛先|手順|料理|注文|発注|メニュー|席|部屋|担当|予算|台数|人数|ページ|様式|書式"
    r"|\b(?:order|orders|box|boxes|quantity|pieces|units|price|terms|place|time slot|room|address|agenda|attendees|people|size|spec|colou?r|version|invoice|amount|budget|menu|table|seats?|hotel|flight|bestell\w+|menge|commande|quantité|pedido|cantidad|ordine)\b"
)
"""What else is the same as before."""
_PART = re2.compile(
    r"(?i)(?:(?:前半|後半|前の半分|後ろの半分|残り(?:半分)?|続き|1つ目|2つ目|一つ目|二つ目)(?:の?部分)?|(?:the )?(?:first|second|other|remaining|last|1st|2nd) (?:half|part|piece|bit)|part (?:one|two|1|2|i|ii)|the rest|(?:erste|zweite|andere) hälfte|(?:première|seconde|deuxième|autre) moitié|(?:primera|segunda|otra) mitad|(?:prima|seconda) (?:metà|parte)|前一半|后一半|앞부분|뒷부분)"
    r"(?:は|が|:|=|→| is| ist| lautet| est| es| è|是|은|는)[ :]{0,2}[「『\"'“]?([!-~]{2,24}?)[」』\"'”]?(?:です|でござ|となり|[.,。、]?(?:[ \r]*\n|[ ]*$|[.。] )|\(|。)"
)
_FACTS = r"番号|(?:創業|設立|創立|入社|卒業|生まれ|西暦|和暦|取引開始|竣工)[^。\n]{0,6}年|[社店駅町村名商製品]名|名前|氏名|苗字|名字|ペット|愛犬|愛猫|花の|色の?|答え|クイズ|なぞなぞ|曜日|内線|型番|郵便|所在地|誕生日|生年月日|電話|年度|メールアドレス|会社名|部署名"
_FACT = re2.compile(
    rf"(?i){pattern('fact')}|{_FACTS}|\b(?:numbers?|year|names?|surname|town|city|street|dog|cat|pet|colou?r|birthday|date of birth|extension|postcode|zip code|initials|month|founder|ceo|answer|antwort|réponse|respuesta|jahr|geburts\w+|nummer|namen?|ort|hausnummer|année|numéro|nom|ville|rue|año|número|nombre|ciudad|calle|anno|numero|nome|città|ano)\b"
)
_NOTATION = re2.compile(
    r"(?i)[下上末頭][ ]?[0-9一二三四五六七八]{1,2}[ ]?[桁ケけ文]|[0-9一二三四五六七八]{1,2}桁|西暦|和暦|半角|全角|小文字|大文字|ひらがな|平仮名|カタカナ|ローマ字|英字|アルファベット|ハイフン(?:なし|無し|抜き|を除|は除|は不要)|スペース(?:なし|無し|抜き)|記号なし|頭文字|つなげて|続けて"
    r"|\b(?:(?:last|first) (?:[0-9]|two|three|four|five|six|seven|eight)(?: digits| letters| characters| numbers)?|lower ?case|upper ?case|all caps|capitals|no (?:spaces|dashes|hyphens|capitals)|without (?:the |any )?(?:dash|hyphen|space|dot|slash)\w*|ddmm(?:yy)*|mmdd(?:yy)*|ddmma{2,4}|jjmma{2,4}|ttmmj{2,4}|ggmma{2,4}|a{4}mmdd|yyyy(?:mm)?(?:dd)?|(?:in|as|all) one word|backwards|reversed|klein(?:geschrieben|buchstaben)?|großbuchstaben|letzten? (?:zwei|drei|vier|fünf|sechs|[0-9])|ersten? (?:zwei|drei|vier|[0-9])|ohne (?:leer|bindestrich|punkt)\w*|rückwärts|en minuscules|en majuscules|sans (?:espaces?|tirets?|accents?)|(?:deux|trois|quatre|six|[0-9]) (?:derniers|premiers|dernières|premières)|en minúsculas|sin (?:espacios|guiones)|(?:últimos|primeros|últimas|primeras) (?:dos|tres|cuatro|seis|[0-9])|in minuscolo|senza spazi|ultime (?:due|tre|quattro|[0-9]))\b|后[四六4 6]位|뒤 ?[0-9]자리|뒷자리"
)
_COMPOSED = re2.compile(
    r"(?i)[^\s:はがも] ?[+＋]|に続けて|続く|を?つなげ|の(?:あと|後|後ろ|うしろ)に|を足し|を付け|を組み合わせ|\b(?:plus|followed by|and then|then|und dann|gefolgt von|puis|suivie? de|et|seguid[oa] de|luego|seguit[oa] da|più|mais|met daarachter)[ ,]+(?:the|your|our|my|its|[0-9!-/\"'“]|a dash|a hyphen|der|die|das|dem|den|la|le|les|el|los|il|o|het|de)\b|加上|더하기"
)
_BY = re2.compile(
    r"(?i)で(?:お?開|解|ひら|あ[きけく])|を(?:ご?入力|入れ|打|使|お使い)|が(?:解凍|開封|鍵|キー)|に(?:なって|して|設定)|\b(?:with|using|use|by|is|enter|type|mit|avec|con|com|met|ist|est|es|è)\b|用|输入|으?로|입력"
)
_TYPED = re2.compile(
    r"(?i)入力|打ち|打って|入れて|入れる|タイプ|\b(?:enter|type|key in|put in|use|eingeben|saisi\w*|introduc\w*|inseri\w*|digit\w*)\b|输入|입력"
)
_ASKED = re2.compile(
    r"(?i)伺[いう]|ご?記入|(?:お知らせ|お教え|教えて|ご提示|ご登録|ご用意|ご返信|お控え)(?:ください|下さい|いただ|願い)|いただけます|でしょうか|[?？]|使わな|避け|控え|禁止|ログイン|サイト|フォーム|画面|アプリ|申し?込|予約|\b(?:please (?:send|tell|give|provide|quote|confirm)|let me know|could you|don't|do not|never|must not|avoid|log ?in|sign in|website|portal|form|app|booking|register|angeben|nennen sie|indiquer|indique)\b"
)
_LETTERS = frozenset({
    "alfa", "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "juliett",
    "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
    "whisky", "whiskey", "xray", "yankee", "zulu", "anton", "berta", "cäsar", "dora", "emil", "friedrich", "gustav",
    "heinrich", "ida", "julius", "kaufmann", "ludwig", "martha", "nordpol", "otto", "paula", "quelle", "richard",
    "samuel", "theodor", "ulrich", "viktor", "wilhelm", "xanthippe", "ypsilon", "zacharias", "エー", "エイ", "ビー", "シー",
    "ディー", "デー", "イー", "エフ", "ジー", "エイチ", "エッチ", "アイ", "ジェー", "ジェイ", "ケー", "ケイ", "エル", "エム", "エヌ", "オー", "ピー", "キュー",
    "アール", "エス", "ティー", "ユー", "ブイ", "ヴィー", "ダブリュー", "ダブル", "エックス", "ワイ", "ゼット",
})  # fmt: skip
"""What letters are called when they are spelt: by the radio alphabet, in German, in Japanese."""
_SPELT = _LETTERS | frozenset({
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "null", "eins", "zwei", "drei",
    "vier", "fünf", "sechs", "sieben", "acht", "neun", "dash", "hyphen", "minus", "dot", "underscore", "slash",
    "hash", "star", "mark", "exclamation", "at", "sign", "capital", "upper", "small", "lower", "case", "big",
    "little", "groß", "großes", "klein", "kleines", "bindestrich", "punkt", "unterstrich", "and", "then", "und", "ゼロ",
    "ハイフン", "アンダーバー", "ドット", "シャープ", "it's", "its",
})  # fmt: skip
_SEVERAL, _RUN = 2, 5
"""Letters that are called so, and items in a row, that make it a spelling."""
_QUOTED = re2.compile(
    r"(?i)(?:合い?言葉|秘密の言葉|あいことば|開けゴマ|magic words?|secret words?|codewords?|code words?|losungswort|mot magique|palabra mágica)(?:は| is|:| ist| est| es)[ ]{0,2}[「『\"“']?([^「」『』\"“”'\n。]{2,40})"
)
_SHOP = re.compile(
    r"店頭|店舗|ご?来店|レジ|会場|キャンペーン|特典|特価|抽選|クーポン|raffle|discount", re.IGNORECASE
)
_ALONE = re.compile(r"^[ \t\u3000*【「『<\[]{0,6}([!-~]{6,40})[ \t\u3000\r*】」』>\]]{0,6}$", re.MULTILINE)
_ODD = re.compile(r"(?:^|[\s「『(:])([!-~]{6,40})")
_REFERENCE = re.compile(
    r"番号|型番|品番|図番|ロット|\b(?:no|nr|ref|id|ids|number|model|part|lot|ticket|case|url|link|branch|commit|version)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[。\n]|[.!] ")
_SIGNS = frozenset("!@#$%^&*+=?~")


_IT_IS = re2.compile(
    r"(?i)^\s*(?:it'?s|it is|that'?s|that is|use|try|es ist|nimm|c'est|es|è) .*|(?:です|にしました|に変えました|になっています|にしてあります|に設定しました|を使いました)$"
)
_PLAIN_SENTENCE = re.compile(r"\b(?:is|are|was|were|we|have|has|will|do|does)\b|ます|ました", re.IGNORECASE)
_JOINED = re2.compile(
    r"[「『\"'“][!-~]{2,24}?[」』\"'”](?:に|と|の後に|の次に| and | plus | then |\+)[「『\"'“][!-~]{2,24}?[」』\"'”](?:を|の順)?(?:つなげ|つない|続け|足し|足す|付け|合わせ|結合| together| joined)"
)
_PROMPTED = re2.compile(
    r"(?i)\b(?:when|if|once) (?:it|the (?:file|zip|archive|pdf)|you(?:'re| are)|winzip|excel)[^.\n]{0,30}?(?:asks?|asked|prompt\w*|wants?)[^.\n]{0,24}?\b(?:give|type|enter|tell|use|put|say)(?: (?:it|in))?[ :]{1,2}([!-~]{5,40})"
)
_CORRECTED = re2.compile(
    r"(?i)(?:文字|桁|字目|つ目)[^。\n]{0,16}(?:ではなく|でなく|じゃなく)[^。\n]{0,20}|(?:character|letter|digit|sign)s?\b[^.\n]{0,24}?(?:\bnot\b|instead of|rather than)[^.\n]{0,24}"
)
_WRITTEN_AS = re2.compile(
    r"(?i)大文字|小文字|数字の|ゼロ|オー|ハイフン|アンダーバー|英字|\b(?:zero|letter [a-z]|capital|upper ?case|lower ?case|digit|number one|hyphen|dash|underscore)\b"
)
"""How a character of it is written, where one was read wrongly."""
_BRIEF = 70
"""Characters of a mail that is hardly more than the one word in it."""


def recalled(text: str, subject: str) -> Iterator[int]:
    """Where a `narrow` text of its author says so, in a mail of this subject to somebody who got a locked file."""
    if len(text.strip()) > LONGEST:
        return
    at = 0
    opens = spoken_of(subject, "open", "lock", "word") or spoken_of(text, "open", "lock", "word")
    for sentence in _SENTENCE.split(text):
        begin = text.find(sentence, at)
        at = begin + len(sentence)
        if len(sentence) >= 6 and (
            _is_edited(sentence) or _is_derived(sentence, opens=opens) or _is_corrected(sentence)
        ):
            yield begin
    for found in _PART.finditer(text):
        if not (found[1].isalpha() and (found[1].islower() or found[1].istitle())) and not re.fullmatch(
            r"[\d.,%]{1,3}", found[1]
        ):
            yield found.start(1)
    if _is_spelt(text):
        yield 0
    for found in _QUOTED.finditer(text):
        if not _SHOP.search(text) and not spoken_of(found[0], "otherwise"):
            yield found.start(1)
    yield from (m.start() for m in _JOINED.finditer(text))
    yield from (m.start(1) for m in _PROMPTED.finditer(text) if could_be(bare(m[1])))
    if not (_REFERENCE.search(subject) or _REFERENCE.search(text) or spoken_of(f"{subject} {text}", "alien")):
        brief = len(text.strip()) <= _BRIEF and "\n" not in text.strip()
        for word in (_ODD if brief else _ALONE).finditer(text):
            if _is_sole(bare(word[1])):
                yield word.start(1)


def in_name(name: str) -> bool:
    """True for the `narrow` name of a file that tells one behind a word for it: パスワードはKx72mQ.txt, pw_Kx72mQ.txt."""
    found = _FILED.search(name.rpartition(".")[0] or name)
    word = found[1] if found else ""
    return could_be(word) and any(map(str.isdigit, word)) and not PRODUCT.fullmatch(word)


_FILED = re2.compile(
    rf"(?i)(?:^|[^a-z])(?:{pattern('word')}|pass|pw)(?:[ _:=は\-–「(（]|is|ist|est){{1,4}}([!#-%+-~]{{5,40}}?)[」)）]?$"
)


def _is_sole(word: str) -> bool:
    mixed = any(map(str.islower, word)) and any(map(str.isupper, word)) and any(map(str.isdigit, word))
    return (
        could_be(word)
        and any(map(str.isdigit, word))
        and not is_thing(word)
        and not PRODUCT.fullmatch(word)
        and (mixed or (kinds(word) >= 3 and not _SIGNS.isdisjoint(word)))
    )


def _is_spelt(text: str) -> bool:
    """Letter by letter, as it is said on the telephone."""
    run: list[str] = []
    for word in (*re.split(r"[\s,、・.。:「」\-]+|[大小]文字の?", text.lower()), "…"):
        if not word:
            continue
        if word in _SPELT or (word.isascii() and word.isalnum() and (len(word) == 1 or word.isdigit())):
            run.append(word)
            continue
        if len(run) >= _RUN and len(_LETTERS.intersection(run)) >= _SEVERAL:
            return True
        run = []
    return False


def _is_edited(sentence: str) -> bool:
    """The same as before, but for a character."""
    return (
        (_SAME.search(sentence) is not None or spoken_of(sentence, "open"))
        and _EDIT.search(sentence) is not None
        and _OTHER.search(sentence) is None
        and re.search(r"[0-9「\"'“]|大文字|小文字|capital|[A-Z]{2,}", sentence) is not None
        and _ASKED.search(sentence) is None
    )


def _is_corrected(sentence: str) -> bool:
    """How a character of it is written that was told wrongly before."""
    found = _CORRECTED.search(sentence)
    return found is not None and _WRITTEN_AS.search(found[0]) is not None and _ASKED.search(sentence) is None


def _is_derived(sentence: str, *, opens: bool) -> bool:
    """What both know, and how it is to be written."""
    if _FACT.search(sentence) is None or _ASKED.search(sentence):
        return False
    notation, composed = _NOTATION.search(sentence) is not None, _COMPOSED.search(sentence) is not None
    if notation and composed:
        return True
    if composed and len(sentence) <= _BRIEF and not _PLAIN_SENTENCE.search(sentence):
        return True
    rest = _NOTATION.sub(" ", _FACT.sub(" ", sentence))
    plain = sentence.strip()
    if (
        notation
        and _IT_IS.search(plain)
        and not plain.endswith("表記です")
        and not spoken_of(rest, "otherwise")
    ):
        return True
    if spoken_of(rest, "otherwise", "alien"):
        return False
    if spoken_of(sentence, "open", "lock") and _BY.search(sentence):
        return notation or composed
    return opens and (notation or composed) and _TYPED.search(sentence) is not None


__all__ = ["in_name", "recalled"]
