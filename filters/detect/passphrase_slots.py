"""Words that stand where only what opens a file would: by their place in a sentence, not by a word for a passphrase.

    鍵：{it}        開けるときは {it} と打ってください        添付は暗号化しています（{it}）        The code is {it}.

Each word that could be one is looked at with what stands before and behind it in its sentence. A weak word ("key", "code") or a
verb of opening must be there, and a file somewhere near; doors, games, programs and forms have codes, too.
"""

import re
from collections.abc import Iterator

from filters.detect.passphrase_concepts import spoken_of
from filters.detect.passphrase_openers import BEFORE, FILES, TOPIC, around, elsewhere, is_alien
from filters.detect.passphrase_words import OF_A_THING, PRODUCT, bare, could_be, kinds

LOOKED_AT = 6_000
"""Characters of a text: who tells a passphrase writes little."""
NEAR = 160
"""Characters around a word among which a file must be spoken of."""
_WORD = re.compile(r"[!-~]{4,40}")
_LOCK = r"ひら[くき]|あけ[るて]|とく|かいとう|解凍|開封|復号|解錠|開錠|施錠|伸長|ロック|鍵|暗号|圧縮|保護|解除|展開|閲覧|(?:開|空)(?:き|く|け|い)|見る|見られ"
_CODE = r"鍵|キー|コード|番号|文字列?|言葉|ことば|キーワード|フレーズ|暗証|数字|用"
_BARE = r"(?:^|[^ァ-ヶー一-龥])(?:鍵|かぎ|キー|合言葉|合い言葉|パスコード|キーワード)|(?:^|[^A-Za-z])(?:pass(?:code|phrase)?|PW|PIN|key|code|secret|clave|mdp)"
_TELL = r"[ 　]?(?:ですが|は|が|:|=|→|⇒|is|-|ね)?[、,■】\])]?[ 　]{0,3}[「『“\"'(\[【]?"
_TO_OPEN_WITH = (
    r"(?:key|code|pin|word|phrase|string|characters|secret|combination)\b[^\n.:;]{0,44}\b(?:attachments?|archive|zip|file|pdf|document|workbook|spreadsheet|folder|sheet)\b[^\n.:;]{0,24}(?::| is)"
    r"|(?:to (?:open|unlock|decrypt|unzip|extract|view|unpack)[^\n.]{0,30}|opens? (?:it |them )?with[^\n.]{0,20}),? (?:please )?(?:type|enter|use|give|try|put in)(?: in)?"
    r"|(?:schlüssel|code|kürzel)\b[^\n.:;]{0,30}(?:datei|archiv|anhang|zip|pdf|öffnen|entpacken)[^\n.:;]{0,16}(?::| ist| lautet)|(?:öffnet sich|lässt sich[^\n.]{0,16}öffnen|entpacken|öffnen)[^\n.]{0,10} mit"
    r"|(?:clé|code|chiave|codice|clave|código|chave|sleutel)\b[^\n.:;]{0,30}(?:fichier|archive|pièce|zip|pdf|allegato|archivio|archivo|adjunto|arquivo|anexo|bestand|bijlage)[^\n.:;]{0,20}(?::| est| è| es| é| is)"
    r"|(?:s'ouvre|ouvrir|se abre|abrir|si apre|aprire|abre-se|openen|te openen)[^\n.]{0,24} (?:avec|con|com|met|usando)"
)
"""Said at some length, in other languages too: The key for yesterday's attachment: … To decrypt, type …"""
_HEAD = re.compile(
    rf"(?:{_TO_OPEN_WITH})[ :]{{1,2}}[\"'“«]?$|(?:(?:{_LOCK})(?:する|ため|時|際|とき|に|の|用|必要な|求められる|(?<=ロ)ック){{0,3}}(?:{_CODE})|{_BARE}"
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
    r"|[」』”\"']?[ 　]?[とを][ 　]?[ごお]?(?:打|入れ|入力|タイプ|使|いれ|うっ|うち|貼|ペースト|コピ|試)(?!場合)"
    r"|[」』”\"']?[ 　]?(?:が要|が必要|が(?:開封|解凍|開く)[^。\n]{0,8}(?:言葉|キー|鍵|番号|コード)|でお開き|でお願い)"
    r"|[\"'”]?[ ](?:to (?:open|unlock|decrypt|unzip)|when (?:prompted|asked)|at the prompt|(?:will |should |does )?(?:opens?|unlocks?|decrypts?|unzips?|extracts?) (?:it|them|the|this|that|everything|both|all)(?![a-z])|öffne[tn]|entsperren)",
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
    rf"{FILES.pattern}|明細|図面|データ|契約書|報告書|書類|ブック|ワード|{_LOCK}|decrypt|unzip|encrypt|workbook|spreadsheet|sheet|report|docs?(?![a-z])|minutes|slides|datei|archiv|fichier|archivo|contract|invoice|statement|proposal|文件|附件|压缩|파일|첨부",
    re.IGNORECASE,
)
LEAST = 6
"""Characters of what only the sentence around it, which speaks of a lock, makes a passphrase."""
_LOCKS = re.compile(
    r"開[きくけい封]|ひら[くきけ]|あけ[るてら]|解凍|解除|解け|解[きく]|復号|施錠|解錠|ロック|暗号|保護|鍵|読み?取り制限|(?<![ァ-ヶー])パス(?=[はがを、 ])|ぱす(?=[はがを、 ])|パス(?:ワード|フレーズ|コード)|中身[がを]|見られ"
    r"|\b(?:opens?|unlock(?:s|ed)?|decrypts?|unzip|extracts?|locked|protected|encrypted|passwords?|passphrase|passcode|pw|p/w|7z|gpg)\b"
    r"|öffne|entsperr|entschlüssel|entpack|schlüssel|passwor[dt]|kennwort|(?:s')?ouvr(?:e|ir)|déverrouill|déchiffr|(?:se )?abre(?:-se)?\b|abrir|desbloque|descifr|(?:si )?apre\b|aprire|sblocc|ontgrendel|打开|打開|解压|解壓|密码|密碼|열[어기려]|압축|해제",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:(?<![a-z])(?:on|at|in|from|into|under|ref|réf|az|nr|no|id|ticket|case|reference|tracking|commit|branch|build|version|ver|file|folder|sheet|cell|table|row|line)|番号|品番|型番|図番|版|受付|ファイル|フォルダ|シート|セル|名前|件名|id)[.:#№は]{0,2}[ 　「]{0,3}$",
    re.IGNORECASE,
)
"""In front of what somebody can ask after, or look up."""
_GOES_OTHERWISE = re.compile(
    r"別途|別の?メール|別便|電話|SMS|郵送|不要|ありません|(?<![a-z])(?:by phone|call|text you|separately|not|fails?|error|telefonisch|téléphone|teléfono)(?![a-z])|エラー|不具合|電話|电话|전화",
    re.IGNORECASE,
)
_FOR_FILE = re.compile(
    r"(?:\bfor the (?:zip|pdf|archive|file|attachment)[ ]?[:=-]|(?:zip|pdf|7z|xlsx?|docx?|エクセル|書庫)の?(?:方|ほう|やつ)?[ ]?(?:→|⇒|=>))[ ]{0,2}[\"「]?$",
    re.IGNORECASE,
)
"""Nothing but the file in front: for the zip: …, PDF→…"""
_PACKED = re.compile(r"(?:zip|7z|rar|lzh|書庫|圧縮|暗号化)[^\n]{0,12}\s*$", re.IGNORECASE)
"""A line about a packed file, right above."""
_SHORT = re.compile(r"\s{0,3}(?:use|try|enter|type|it's|it is|with|code)[ :]{1,2}[\"']?$", re.IGNORECASE)
"""All that stands before it in a sentence behind one about a lock."""
_DOES_OPEN = re.compile(
    r"[」』\"']?[ 　]?(?:で|により)[ご]?(?:開[きくけ]|解凍|解除|外れ|ロック解除|閲覧)|[\"']? (?:opens|unlocks) (?:it|the|this)"
)
_A_VERSION = re.compile(
    r"(?:excel|word|acrobat|office|windows|reader|winzip|winrar|7-?zip|ver(?:sion)?\.?|版|第|no\.?|#|-|/|=)[ 　]?[0-9]{1,12}$|(?<![0-9])(?:19|20)[0-9]{2}$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?:^|\n)[ 　・■●◆*\-【\[]{0,4}(?:入力)?(?:文字列?|英数字?|数字|番号|キー|コード|値|鍵|ことば|key|code|string|characters|text|word|phrase|schlüssel|clé|clave)[】\]]?[ 　]{0,4}[:=→は][ 　]{0,4}[「\"]?$",
    re.IGNORECASE,
)
"""A label of nothing in particular, alone in front in its line."""
_TO_ENTER = re.compile(
    rf"(?:{_LOCK})[^\n]{{0,60}}(?:(?:以下|下記|次|こちら)[^\n]{{0,20}})?(?:ください|下さい|願い|いたします|されます)|(?:以下|下記|次|こちら)の[^\n]{{0,30}}(?:{_LOCK}|入力|ご使用)"
    r"|\b(?:open|unlock|decrypt|unzip|extract)\b[^\n]{0,60}\b(?:with|using|use|enter|type|below|following)\b|\b(?:enter|type|use)\b[^\n]{0,30}(?:below|following)",
    re.IGNORECASE,
)
ABOVE = 260
"""Characters above such a label in which somebody is asked to open something with it."""
_CALLED_SO = re.compile(r"(?:[ァ-ヶー一-龥]{2}|(?<=[a-z ])[A-Z][a-z]{2,}) $")
"""The name of a thing, of which the word is the number: ボックスカッター BC-25."""
_ZIP, _ZIP_CODE = 5, re.compile(r"zip code[^\n]{0,6}$", re.IGNORECASE)
"""A place in the United States, which is no file."""
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
        if is_alien(before, behind) or TOPIC.match(behind):
            continue
        if _is_labelled(text, start, whole) or (
            _stands(whole, before, behind, own, locked=locked or _of_file(text, start))
            and not elsewhere(text, start, start + len(own))
        ):
            yield start


def _is_labelled(text: str, start: int, whole: str) -> bool:
    """True behind a label that names nothing, where somebody is asked above to open a file with what stands there."""
    if _FIELD.search(whole) is None:
        return False
    above = text[max(0, start - ABOVE) : start]
    return _TO_ENTER.search(above) is not None and _FILE.search(above) is not None


def _of_file(text: str, start: int) -> bool:
    return _FILE.search(text, max(0, start - NEAR), start + NEAR) is not None


def _stands(whole: str, before: str, behind: str, word: str, *, locked: bool) -> bool:
    """True where what is before and behind a word leaves it no other sense."""
    named = _HEAD.search(before) is not None
    if _CALLED_SO.search(before) and PRODUCT.fullmatch(word) and not spoken_of(before[-12:], "word", "weak"):
        return False
    if len(word) == _ZIP and word.isdigit() and _ZIP_CODE.search(before):
        return False
    if word.isdigit() or PRODUCT.fullmatch(word):
        sure = locked and (
            named
            or _TO_OPEN.search(before) is not None
            or (_DOES_OPEN.match(behind) is not None and _A_VERSION.search(before + word) is None)
        )
        return (
            sure
            and re.match(r"[」』\"']?[ ]?(?:[#\-/年月日円名件枚個]|[0-9])", behind) is None
            and (OF_A_THING.match(behind) is None)
        )
    if _FOR_FILE.search(before) and re.match(r"[」\"' 　]{0,3}(?:$|です)", behind):
        return True
    if _LISTED.search(whole) and kinds(word) >= 2:
        return True
    if _NAMED_BEHIND.match(behind) or _LOCKED_AS.search(before):
        return True
    if locked and (named or _TO_OPEN.search(before) or _OPENS.match(behind)):
        return True
    if _ON_A_LINE.search(whole) and _ITS_ENDING.match(behind) and _OVER.search(whole):
        return not _asked(whole)
    if _ON_A_LINE.search(whole) and not behind.strip() and _PACKED.search(whole) and kinds(word) >= 3:
        return True
    # nothing but a passphrase looks so and stands in a sentence about a lock
    return (
        locked
        and len(word) >= LEAST
        and _REFERENCE.search(before) is None
        and (
            _LOCKS.search(before) or _LOCKS.search(behind) or (_SHORT.match(before) and _LOCKS.search(whole))
        )
        is not None
        and _GOES_OTHERWISE.search(before) is None
        and _GOES_OTHERWISE.search(behind) is None
    )


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
