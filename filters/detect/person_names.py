"""Whether a few words are a person's name, an organisation's, or neither (OUT-PII).

likeness("山田太郎") == SURE       a family name that we know, and what may be a given name
likeness("Emily Clark") == SURE    a given name that we know, and another word
likeness("楊秀英") == MAY_BE       the shape of a name
"""

import re
import unicodedata
from functools import lru_cache

from config import lists
from mail.charset import fold

SURE, MAY_BE, NONE = 2, 1, 0

SURNAMES = frozenset(fold(name) for line in lists.entries("surnames") for name in line.split())
_ROMAN = frozenset(
    read
    for which in ("surname", "given")
    for line in lists.entries(f"{which}_readings")
    for read in line.split()[1:]
)
_GIVEN = _ROMAN | frozenset(name for line in lists.entries("given_latin") for name in line.split())
_HONORIFIC = re.compile(r"(?:様|さま|氏|殿|君|さん|くん|ちゃん|先生|部長|課長|社長|係長|主任|専務|常務)$")
_NO_NAME_END = "県市区町村郡駅道府都州店部課係局省庁社会院校館室線港行堂園組所員者長様方宛御中"
_KANA_GIVEN = re.compile(r"^[ぁ-んァ-ヶー]{2,6}$")
_KANJI = re.compile(r"^[一-龥々ヶ]{2,6}$")
_KANA = re.compile(
    r"^[ァ-ヶー]{1,8}[・=.]?[ァ-ヶー]{1,10}(?:[・=][ァ-ヶー]{1,10})?$|^[ぁ-ん]{4,10}$|^[가-힣]{2,4}$"
)
_NEIGHBOURS = re.compile(
    r"^(?:[김이박최정강조윤장임한오서신권황안송류홍][가-힣]{2}|[王李张刘陈杨赵黄周吴徐孙马罗郑谢韩冯邓许萧吕苏卢蒋贾叶阎钟谭邹陆][一-龥]{1,2})$"
)
"""Names of Korea and China by their most frequent family names."""
_MIXED = re.compile(r"^[一-龥々ヶ]{1,4}[ぁ-んァ-ヶー]{1,5}[一-龥々]{0,2}$")
_LATIN = re.compile(
    r"^(?:(?:Mr|Ms|Mrs|Dr|Prof)\.? )?[A-Za-zÀ-ɏЀ-ӿ][A-Za-zÀ-ɏЀ-ӿ'’.-]{0,19}(?:[ ,]{1,2}(?:(?:van|von|de|der|den|da|di|del|la|le|bin|al) ){0,2}[A-Za-zÀ-ɏЀ-ӿ][A-Za-zÀ-ɏЀ-ӿ'’.-]{0,19}){1,3}$"
)
ORGANISATION = re.compile(
    r"会社|\((?:株|有|合|同|社|財|医|学|福|宗)\)|法人|組合|協会|連盟|連合|財団|社団|機構|公社|財務局|商店|商会|商事|製作所|製鋼|工業|産業|建設|工務店|電機|電工|化学|製薬|印刷|運輸"
    r"|運送|物流|不動産|銀行|信金|信用金庫|農協|病院|医院|クリニック|診療所|歯科|[内外眼児膚鼻形]科$|薬局|大学|高校|学校|学園|学院|幼稚園|保育園|こども園|センター|ホテル|旅館|ホール|会館|公民館|図書館|美術館|博物館"
    r"|体育館|役所|役場|支所|本社|本店|支社|支店|支部|営業所|事業所|出張所|工場|倉庫|研究所|事務所|事務局|サポート|デスク|窓口|チーム|グループ|委員会|対策室|広報|総務|経理|採用係|お?問い?合わせ"
    r"|カフェ|レストラン|食堂|居酒屋|ストア|マート|スーパー|ショップ|ビル$|マンション|アパート|ハイツ|タワー|プラザ|パーク|スタジオ|サロン|ジム|ラボ|システム|サービス|ソリューション"
    r"|[一-龥ァ-ヶー](?:店|市|区|町|村|県|駅|課|部|室|係|局|社|館|寺|神社|堂|屋|庵|亭|荘|園|組|線|港|園地|団地|号)$"
    r"|(?i:\b(?:inc|corp|corporation|ltd|limited|llc|llp|plc|gmbh|ag|kg|bv|s\.?a|s\.?r\.?l|pty|co|company|group|holdings?|bank|hospital|clinic|pharmacy|school|college|university"
    r"|hotel|inn|hostel|resort|restaurant|cafe|café|bar|bakery|store|shop|mart|market|centre|center|office|branch|depot|warehouse|factory|plant|station|airport|library|museum|gallery"
    r"|church|club|association|society|foundation|institute|council|department|dept|team|desk|support|sales|service|services|solutions?|systems?|technologies|tech|industries|foods?"
    r"|motors|electric|logistics|partners|studio|labs?|house|tower|building|press|media|cinema|theatre|theater|gym|garage|grill|pizza|kitchen|salon|spa|dental|street|road|avenue"
    r"|info|admin|contact|helpdesk|noreply|no-reply|marketing|hr|accounting|billing|reception|enquiries|newsletter|webmaster)\b\.?)"
)
"""Words of which a company's, a shop's, an office's or a place's name is made."""


def family_name(run: str) -> str:
    """A run of kanji that is a family name with a given name or a title, "" for others (山口県, 石川工業)."""
    bare = _HONORIFIC.sub("", run)
    for length in (3, 2, 1):
        if bare[:length] in SURNAMES:
            given = bare[length:]
            if not given:
                return bare if bare != run else ""
            if len(given) <= 3 and given[-1] not in _NO_NAME_END and (length > 1 or len(given) == 2):
                return bare
    return ""


def kana_given(cell: str) -> bool:
    """佐藤さくら, 鈴木サクラ."""
    return any(cell[:n] in SURNAMES and _KANA_GIVEN.match(cell[n:]) for n in (3, 2) if len(cell) > n)


@lru_cache(maxsize=8192)
def likeness(words: str) -> int:
    """SURE, MAY_BE or NONE: how much folded words are a person's name alone."""
    words = _HONORIFIC.sub("", words.strip(" \"'・,")).strip()
    if not 2 <= len(words) <= 40 or any(c.isdigit() or c in "@/:<>" for c in words):
        return NONE
    if ORGANISATION.search(words):
        return NONE
    if words.isascii() or _LATIN.match(words):
        if not _LATIN.match(words):
            return NONE
        pieces = re.split(r"[ ,]+", words.lower())
        plain = [unicodedata.normalize("NFD", p).encode("ascii", "ignore").decode() for p in pieces]
        return SURE if any(p in _GIVEN for p in plain) else MAY_BE
    bare = words.replace(" ", "")
    if family_name(bare) or kana_given(bare) or _NEIGHBOURS.match(bare):
        return SURE
    return MAY_BE if _KANJI.match(bare) or _MIXED.match(bare) or _KANA.match(words) else NONE


def is_family_name(word: str) -> bool:
    """A family name alone, in kanji or in letters."""
    return word in SURNAMES or word.lower() in _ROMAN
