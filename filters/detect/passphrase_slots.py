"""Words that stand where only what opens a file would: by their place in a sentence, not by a word for a passphrase.

    鍵：{it}        開けるときは {it} と打ってください        添付は暗号化しています（{it}）        The code is {it}.

Each word that could be one is looked at with what stands before and behind it in its sentence. A weak word ("key", "code") or a
verb of opening must be there, and a file somewhere near; doors, games, programs and forms have codes, too.
"""

import re
from collections.abc import Iterator

from filters.detect.passphrase_openers import BEFORE, FILES, around, elsewhere, is_alien
from filters.detect.passphrase_words import PRODUCT, bare, could_be, kinds

LOOKED_AT = 6_000
"""Characters of a text: who tells a passphrase writes little."""
NEAR = 160
"""Characters around a word among which a file must be spoken of."""
_WORD = re.compile(r"[!-~]{4,40}")
_LOCK = r"解凍|開封|復号|解錠|開錠|施錠|伸長|ロック|鍵|暗号|圧縮|保護|解除|展開|閲覧|(?:開|空)(?:き|く|け|い)|見る|見られ"
_CODE = r"鍵|キー|コード|番号|文字列?|言葉|ことば|キーワード|フレーズ|暗証|数字|用"
_BARE = r"(?:^|[^ァ-ヶー一-龥])(?:鍵|かぎ|キー|合言葉|合い言葉|パスコード|キーワード)|(?:^|[^A-Za-z])(?:pass(?:code|phrase)?|PW|PIN|key|code|secret|clave|mdp)"
_TELL = r"[ 　]?(?:ですが|は|が|:|=|→|⇒|is|-|ね)?[、,■】\])]?[ 　]{0,3}[「『“\"'(\[【]?"
_HEAD = re.compile(
    rf"(?:(?:{_LOCK})(?:する|ため|時|際|とき|に|の|用|必要な|求められる|(?<=ロ)ック){{0,3}}(?:{_CODE})|{_BARE}"
    r"|(?:access|un?lock(?:ing)?|open(?:ing)?|decryption|archive'?s?|zip|pdf|file'?s?) (?:code|key|phrase|word|secret|pass)"
    rf"|code d'ouverture[^\n:]{{0,12}}|(?:secret|key|code|pass|clave|phrase)(?: (?:of|for|to|del?) (?:(?:the|open|your|this) )?[a-z]{{2,12}}){{0,2}}){_TELL}$",
    re.IGNORECASE,
)
"""Named weakly, right in front."""
_TO_OPEN = re.compile(
    r"(?:解凍|開封|復号|解錠|ロック|解除|展開|閲覧|保護|開[くけ]る?|解く|外す|見る|ご覧)[^。\n]{0,14}(?:には|時は?|とき(?:は|に)?|際は?|たら|ため|れば)[^。\n]{0,12}$"
    r"|(?:聞かれ|求められ|問われ|出まし?|表示され)(?:る|た|まし)[^。\n]{0,8}(?:[はがら、])[ 「『“\"]{0,3}$"
    r"|\b(?:un?lock|open|decrypt|unzip|extract|view|unpack)(?:s|ed|ing)?\b[^\n.]{0,36}(?:with|using|use|by|is|type|enter|:)[ :]{1,3}[\"'“]?$"
    r"|\b(?:locked|encrypted|protected)\b[^\n.]{0,10}(?:with|by|using|[,;:(]|is)[ ]?[\"'“]?$"
    r"|\b(?:locked|encrypted|protected|prompts?|asks?|asked|acrobat|excel|winzip)\b[^\n]{0,40}\b(?:type|enter|use|give|it's|it is|is)[ :]{1,3}[\"'“]?$"
    r"|(?:öffnen|entpacken|entschlüsseln)[^\n.]{0,20}:[ ]?$|(?:ouvrir|décompresser|abrir|aprire)[^\n.]{0,20}:[ ]?$",
    re.IGNORECASE,
)
"""What is to be opened, in front."""
_OPENS = re.compile(
    r"[」』”\"')]?[ 　]?(?:で|を使って|にて|により|を入れると|と入れ(?:ると|れば)|と?入力(?:すると|すれば|いただくと)|を(?:ご?入力|打つ)[^。\n]{0,10})[^。\n]{0,16}"
    r"(?:開|解凍|解除|解け|外れ|外せ|復号|展開|見られ|ご覧|閲覧)"
    r"|[」』”\"']?[ 　]?[とを][ごお]?(?:打|入れ|入力|タイプ|使)(?!場合)"
    r"|[」』”\"']?[ 　]?(?:が要|が必要|が(?:開封|解凍|開く)[^。\n]{0,8}(?:言葉|キー|鍵|番号|コード)|でお開き|でお願い)"
    r"|[\"'”]?[ ](?:to (?:open|unlock|decrypt|unzip)|when (?:prompted|asked)|at the prompt|öffnen|entsperren)",
    re.IGNORECASE,
)
"""What is done with it, behind."""
_NAMED_BEHIND = re.compile(
    r"[\"'”」)]?[ ]?(?:\(|[-–,、](?= ?(?:that|this|the|dem|das))|です\(|が|(?:that'?s|is|as)(?= ))[ ]?(?:(?:that'?s|is|the|that|dem|das|this) ){0,3}"
    r"(?:パスワード|パスフレーズ|pass(?:word|phrase|code)|passwort|kennwort)",
    re.IGNORECASE,
)
_LOCKED_AS = re.compile(
    r"(?:暗号化|ロック|パスワード(?:つき|付き?|保護)?|鍵(?:つき|付き?)?|保護|施錠|圧縮)[^。\n、]{0,10}[(\[【「]$|\b(?:locked|encrypted|protected|password)[ ]?[(\[]$",
    re.IGNORECASE,
)
_ON_A_LINE = re.compile(r"(?:^|\n)[ \r　・*■●◆\-「【『\"]{0,8}$")
_OVER = re.compile(
    rf"(?:パス(?:ワード|フレーズ|コード)|合言葉|(?:{_LOCK})[^。\n]{{0,12}}(?:{_CODE}|パス)|pass(?:word|phrase|code)\b|(?:zip|pdf|file) (?:key|code))",
    re.IGNORECASE,
)
_ITS_ENDING = re.compile(
    r"[」』\"'】]?[ 　]?(?:です|だよ|でござ|となり|になり|でお願い|のまま|\.?$)|[」』\"'】][ 　]?(?:$|。)",
    re.IGNORECASE,
)
_FILE = re.compile(
    rf"{FILES.pattern}|明細|図面|データ|契約書|報告書|書類|ブック|ワード|{_LOCK}|workbook|spreadsheet|sheet|report|docs?(?![a-z])|minutes|slides|datei|archiv|fichier|archivo",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:^|[\n(])[^\n]{0,60}\.[A-Za-z0-9]{2,4}[ 　)」』]{0,3}(?:[/:=|→\-,\t]|\.{2,}|…+|は|is)[ 　]{0,3}$"
)
"""The name of a file, then."""


def slotted(text: str, *, locked: bool = False) -> Iterator[int]:
    """Where such words stand in a text that is `narrow`; `locked`: a locked file comes with it."""
    text = text[:LOOKED_AT]
    for word in _WORD.finditer(text):
        own = bare(word[0])
        if not could_be(own):
            continue
        start = word.start() + word[0].find(own)
        whole = text[max(0, start - BEFORE) : start]
        before, behind = around(text, start, start + len(own))
        if is_alien(before, behind):
            continue
        if _stands(whole, before, behind, own, locked=locked or _of_file(text, start)) and not elsewhere(
            text, start, start + len(own)
        ):
            yield start


def _of_file(text: str, start: int) -> bool:
    return _FILE.search(text, max(0, start - NEAR), start + NEAR) is not None


def _stands(whole: str, before: str, behind: str, word: str, *, locked: bool) -> bool:
    """True where what is before and behind a word leaves it no other sense."""
    named = _HEAD.search(before) is not None
    if word.isdigit() or PRODUCT.fullmatch(word):
        sure = locked and (named or _TO_OPEN.search(before) is not None)
        return sure and re.match(r"[」』\"']?[ ]?(?:[#\-/年月日円名件枚個]|[0-9])", behind) is None
    if _LISTED.search(whole) and kinds(word) >= 2:
        return True
    if _NAMED_BEHIND.match(behind) or _LOCKED_AS.search(before):
        return True
    if locked and (named or _TO_OPEN.search(before) or _OPENS.match(behind)):
        return True
    if _ON_A_LINE.search(whole) and _ITS_ENDING.match(behind) and _OVER.search(whole):
        return not _asked(whole)
    return False


def _asked(whole: str) -> bool:
    """True where the sentence above asks for one, or says that it comes by another way."""
    return (
        re.search(
            r"教えて|ください[^\n]{0,4}か|別途|のちほど|後ほど|電話|SMS|忘れ|[?]|separate|call|later",
            whole,
            re.IGNORECASE,
        )
        is not None
    )
