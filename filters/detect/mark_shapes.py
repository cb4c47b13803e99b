"""How a mark stands in its line: as a stamp, in a sentence that declares a class, or merely named.

A stamp stands alone, in brackets, behind a label ("機密区分:"), or at the head or end of a title. A line is looked at
as it is written, with its blanks: folding (mail.folding.fold) joins Japanese words over them.
"""

import re
import unicodedata

import msgspec

from filters.detect.mark_levels import is_code, is_level, is_set_apart, is_tag, says_of_paper, without_end
from filters.detect.mark_words import TAGS, latin

STAMP, SAID, MENTIONED, DENIED = 3, 2, 1, 0
"""Weights of a mark, from "stamped here" to "said not to apply"."""

LONGEST = 240
"""Characters of a line that are looked at on either side."""
TITLE = 64
"""Characters of a title beside a mark."""

_DASHES = re.compile("[\u2010-\u2015\u2212\u2500-\u257f]")
_EDGE_BARS = re.compile(r"^[ー_]{2,40}|[ー_]{2,40}$")
_OPENS = "[({<【《〈〔≪「『\"'“*"
_CLOSES = dict(zip(_OPENS, "])}>】》〉〕≫」』\"'”*", strict=True))
_QUOTES = "「『\"'“"

_TAIL = re.compile(
    r"(?i)do not (?:distribute|copy|forward|circulate|share|disclose|reproduce|print|release|leave)|"
    r"not (?:for|to be) [a-z]{1,20}(?: [a-z]{1,20}){0,2}|for (?:[a-z/&]{1,20} ){0,3}only|(?:no )?(?:page|copy) ?\d+(?: ?(?:of|/) ?\d+)?|"
    r"all rights reserved|property of|do not|"
    r"(?:持ち?出し?|複写|複製|転載|転送|転用|転記|再配布|配布|開示|口外|コピー|撮影|印刷|閲覧)(?:[・/](?:複写|複製|転載|転送|転用)){0,2}(?:を?(?:厳に)?禁(?:止|ず|じます)|厳禁|不可)|"
    r"(?:無断|社外|外部|部外)(?:へ?の)?"
)
"""What people write beside a stamp, though it would be a sentence elsewhere."""
_SAYS = re.compile(
    r"(?:니다|세요|です|ます|ません|ました|でした|ましょう|ください|下さい|願います|お願い|でしょう|である|ではな|ている|ていた|という|とされ|しない|した(?:い|ら))|"
    r"(?:ない|する|れる|した|できる|べき)(?:情報|もの|こと|資料|文書|データ)|[はがを][^はがを\n]{1,40}(?:[るたすむくうぶつ]|ない|たい)[。、!?」\s]*$|[るたすむくうい]。|。."
)
_FUNCTION = re.compile(
    r"(?:^|[^A-Za-z'])(?:is|are|whose|would|could|be|been|was|were|am|will|shall|should|must|may|might|can|cannot|has|have|had|does|did|that|which|who|this|these|"
    r"those|it|its|we|you|they|he|she|our|your|their|my|me|us|if|when|because|please|not|any|how|what|why|as|than|so|keep|treat|a|an)(?:$|[^A-Za-z'])|[a-z][.;!?] +[A-Za-z]"
)
_NEGATION = re.compile(
    r"(?:資料|情報|文書|扱い|区分|指定|データ|事項|内容|の|もの|など|等|に|は|では|では?ない|「|」|\"|'|\(|\)|】|\]|\s){0,8}?"
    r"(?:では?(?:あり|ござい)ません|じゃ(?:ない|ありません)|では?な[いく]|に(?:は)?(?:該当|当たり|あたり|相当)(?:しません|しない|せず|ません)|"
    r"(?:は|を|も)?(?:含(?:みません|まない|まれません|まれない|んでいません|まれていません|まれておりません|んでおりません)|"
    r"(?:あり|ござい)ません|解除|なし(?:$|[^ぁ-ん])|無し(?:$|[^ぁ-ん])|送らない|送信しない|記載しない|書かない|添付しない)|(?:の)?(?:指定|扱い)?を?解除)"
)
_NEGATED_BEFORE = re.compile(
    r"(?i)(?:非|(?:(?:is|are|was|were) )?(?:not|no longer|non|nicht|kein|pas|non)[\s_\-]{1,3}(?:\w{1,20}\s)?|un-?|de-?)$"
)
_LABEL = re.compile(
    r"(?i)(?:(?:区分|分類|レベル|ランク|等級|種別|取り?扱い?|扱い|範囲|指定|ラベル|度|属性)[\s\])】」』]{0,4}(?:[:=|/>\-]|\s|→|は|…|$)|"
    r"(?:^|[^A-Za-z])(?:(?:classification|sensitivity|security|confidentiality|protection|information|document|data|access|"
    r"distribution|handling|status|marking|privacy|tlp)(?: (?:level|class|classification|label|status|category|marking|type|rating|tier))?|"
    r"level|label|class)[\s\])]{0,3}[:=|/>→…-])"
    r"[\s\[(【「『:=■●☑✓✔☒*]{0,6}(?:[A-Za-z]?[0-9][\s.:\-]{1,2})?$"
)
_THINGS = "資料|文書|書類|扱い|扱|指定|版|データ|ファイル|図面|事項"
_COMPOUND = re.compile(rf"(?:情報|{_THINGS}|案件|文章|書面|メモ|計画書?)?(?=$|[^\w]|[_])")
_EVERYDAY_COMPOUND = re.compile(r"(?:資料|文書|書類|扱い|扱|指定)?(?=$|[^\w]|[_])")
_PAPERS_END = re.compile(r"情報(?=$|[^\w]|[_])")
_ABOUT = re.compile(
    r"(?:の)?(?:情報|文書|資料|データ|ファイル|書類|事項)?(?:など|等)?(?:の)?(?:規[程定則]|ルール|取り?扱|管理|研修|教育|区分|分類|ガイド|マニュアル|定義|基準|ラベル|"
    r"シール|スタンプ|[ゴ判角]?印(?:鑑|$|[^刷])|保持|厳守|とは|という|について|に関する|手順|方針|台帳|漏|流出|持ち?出|対策|セミナー|保護|表示|明示|付け方|保管|廃棄|溶解|処理|裏|捜査|"
    r"マーク|文字|記載|印刷|(?:が|を)?含(?:む|ま)|(?:で)?ある(?:旨|こと|場合)|(?:文書|書類|資料|情報|データ)?(?:の)?(?:回収|収集|運搬|サービス|約款|解除))"
)
"""Behind a mark: what talks about such marks or such papers."""
_HANDLED = frozenset(["情報", "扱い", "扱", "取扱い", "取扱", "取り扱い"])
"""Behind a mark in brackets: 【極秘扱い】."""
_SHOWN = re.compile(
    r"の?(?:表示|明示|ラベル|シール|スタンプ|[ゴ判角]?印|マーク|文字|記載|区分|規[程定則])|とは|という|について|に関する|(?:が|を)?含(?:む|ま)|である|[」』]?[はがとも]?[^。\n]{0,6}(?:誤[記植字り]|間違|書きまちが)"
)
"""Behind brackets: what the mark is shown on, or is spoken of."""
_LABELLED = re.compile(
    r"(?i)(?:ラベル|シール|スタンプ|ゴム印|印|表示|荷札|ステッカー|看板|札|文字|マーク|区分|"
    r"(?:mark|label|stamp|tag|word|sticker|say|read|type|add|put|writ|titl|call|sign)[a-z]{0,6}|as|with|the|a|an|or|and|between|are|is|was|be)"
    r"[\s:]{0,3}(?:(?:it|them|documents?|as|with|the) ){0,2}$"
)
"""In front of a mark in brackets: what is marked so, or what the mark is written with."""
_PARTICLE = re.compile(r"[のをはがにでともや、]|など|等|という|とは|扱い|に関")
_PAPERS = "right|share|securit|transfer|fund|budget line|information|waste|shredd|disclosure|agreement|treatment|counsel|bin|material|data|matter|nature|area|access|stock|zone|entry|use of|undertaking|deed|policy|procedure|handling|treaty|circular|counselling|hotline|helpline|reporting|surname|santa|recipe|garden|sauce|audit|control|communication|medium|combustion|medicine|party|link|server|mail|network|hire|survey|feedback|interview|comput|container|client|ledger|enclave|assignment|magazine|podcast|show|film|novel|perfume|collection|edition|sale|offers?\\b|deals?\\b"
_ENGLISH_COMPOUND = re.compile(rf"(?i)[\s_-]{{1,2}}(?:{_PAPERS})|! (?:the|an?) [a-z]")
_BAR_BEFORE = re.compile(r"[|/·•・:-]\s{0,8}$")
_BAR_BEHIND = re.compile(r"\s{0,8}[|/·•・:-]")
_TICKED = re.compile(r"(?:[☑☒■●✔✓◉✅🗹]|[\[(][xX✓レ][\])])\s{0,3}$")
_BOX = re.compile(r"[□☐○◯⬜❏]|[\[(] [\])]")
_GOODS = re.compile(
    r"割れ|われ物|ワレ|こわれ|壊れ|精密|天地|水濡|火気|劇物|毒物|危険|高温|薬品|生もの|食品|電池|ガラス|陶器|荷"
)
"""What is handled with care, but is no paper."""
_COMMON = frozenset({"secret", "classified"})
"""Words of programs, of forms and of advertisements: marks in capitals only, and not as the name of a value."""
_FIELD = re.compile(
    r"[_-]?(?: ?(?:key|access|token|santa|id|ad)s?\b|\s?=\s?[\w\"'<$]|\s?:\s?\S{8})", re.IGNORECASE
)
_SENTENCE_BEFORE = re.compile(r"。[\s\[(【《〔<|*-]{1,8}$")
"""A stamp may stand behind a sentence that ended, as where it is drawn across a page."""
_PAGE_NUMBER = re.compile(
    r"[\s|/·-]{1,8}(?:p(?:p|g|age)?\.?|頁|ページ)\s?[0-9]{1,4}(?:\s?(?:of|/)\s?[0-9]{1,4})?\W{0,4}$",
    re.IGNORECASE,
)
_JOINED_BEFORE = re.compile(r"[A-Za-z0-9]_{1,3}$")
_JOINED_BEHIND = re.compile(r"_{1,3}[A-Za-z0-9]")
"""As in the names of programs: RESTRICTED_MODE."""
_RUNNING = re.compile(r"\w \#|\# \w")
"""Parted from its neighbours by a blank only."""
_ENDED = re.compile(r"[.!]\s{1,3}$")
_HEADED = re.compile(r"\s?[-:|/(]\s?")
_IN_JAPANESE = re.compile(r"[^A-Za-z。、]{2,40}[\s　]")
_NUMBERED = re.compile(r"\s{0,8}[(（]?\d{1,2}[.)）、:]\s{0,4}")
_TAGS = re.compile(r"^(?:\s{0,4}[\[【(][^\])】\n]{1,24}[\])】]\s{0,4}){1,6}")
"""Other tags of a subject, in front of a mark."""
_BESIDE = re.compile(
    r"(?i)(?:^|(?<=[^\w]))(?:draft|final|version|rev(?:ision)?\.?|v?\d[\d.]{0,6}|copy|print|page|p|of|for discussion(?: only)?|"
    r"entwurf|stand|seite|von|ausfertigung|brouillon|projet|exemplaire|borrador|versi[oó]n|p[aá]gina|ejemplar|bozza|versione|esemplare|rascunho|vers[aã]o|concept|versie|exemplaar)\b"
)
"""What stands beside a mark without being a title: which state and which copy it is."""
_NAMES = re.compile(r"\W{0,6}(?:[A-Z][\w.&'-]{0,24},? ){1,5}")
_OF_JAPAN = re.compile(rf"\s[ぁ-んァ-ヶ一-龥](?!.{{0,8}}(?:{_THINGS}|計画|案|報告|見積|契約|議事))")
_DRAFT = re.compile(
    r"(?i) (?:draft|plan|report|memo|minutes|proposal|figures|forecast|budget|presentation|version)s?(?:$|\W)"
)
_DECLARES = re.compile(
    r"(?:この|本|当該?|添付(?:の|した|する|致します|いたします)?|同封の?|別添の?|別紙の?|下記の?|以下の?|上記の?|こちらの?|お送りする|お送りした|送付する|送付した)"
    r"(?:[^、。はがもメ]{0,16}?)(?:資料|文書|書類|情報|内容|ファイル|図面|計画書?|データ|書面|ドキュメント|レポート|報告書|議事録|見積書?|仕様書?|契約書?|件|案件|価格表?|一覧)?"
    r"(?:は|も|については|につきましては|に関しては)、?[「【\[(]?$"
)
_DECLARED = re.compile(
    rf"\s?[」】\])]?(?:の?(?:情報|内容|区分|レベル|もの|{_THINGS}))?(?:です|でございます|であり|である|となり|となって|につき|なので|扱いで|でお願い|でお取|としてお|"
    r"(?:に|と)(?:指定|該当|当たり|あたり|いた|致|する|させて|して(?:い(?!た|まし)|お(?!りまし|いた))))"
)
_ASKS = re.compile(r"か[。?？」\s]*$|かどうか|か否か|ですか|ますか")
_SENT = re.compile(
    rf"(?:の)?(?:{_THINGS}|情報|計画書?)(?:を|は)[^。\n]{{0,20}}(?:送り|送付|添付|共有|送信|転送|提出|渡し|届け|展開)"
)
_CONDITION = re.compile(r"場合|際|とき|時は|ください|下さい|いただ|頂|禁|ない|せん|でしょうか")

_OF_CALENDARS = "CLASS:"
"""How calendars and cards say who may see an entry (RFC 5545 §3.8.1.3, RFC 2426 §3.7.1)."""


class Spot(msgspec.Struct, frozen=True):
    """A mark and what stands beside it in its line or cell: `before` and `after` as written, in NFKC.

    `only_class`: the word is used for classes only, not in everyday sentences. `page`: the text is nothing but
    a title (the head or foot of a page). `first`: a document begins with it. `asks`: "", or the list that has it as an
    everyday word (mark_words.LISTS).
    """

    before: str
    word: str
    after: str
    only_class: bool
    role: str = ""
    page: bool = False
    first: bool = False
    asks: str = ""

    @property
    def latin(self) -> bool:
        return latin(self.word)


def as_written(text: str) -> str:
    """NFKC with its blanks; dashes and rules are one."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace("’", "'")


def weigh(spot: Spot) -> int:
    """What a mark means where it stands."""
    before, after = spot.before[-LONGEST:], spot.after[:LONGEST]
    if _SENTENCE_BEFORE.search(before) or (spot.only_class and not spot.latin):
        before = before.rpartition("。")[2]
        after = "" if after[:1] == "。" else after
    after = _PAGE_NUMBER.sub("", after)
    after = without_end(after) if spot.latin else after
    if before.endswith(_OF_CALENDARS) and not after.strip():
        return MENTIONED
    if _NEGATION.match(after) or _NEGATED_BEFORE.search(before):
        return DENIED
    if (spot.word.endswith("注意") and after.startswith("事項")) or is_code(before, after):
        return MENTIONED  # what to mind, of manuals
    if spot.asks:
        tagged = spot.asks == TAGS and is_tag(spot.word, spot.role, before, after, page=spot.page)
        return STAMP if tagged or is_level(before, after) else MENTIONED
    if is_level(before, after):
        return STAMP
    if spot.word.lower() in _COMMON and not (spot.word.isupper() and not _FIELD.match(after)):
        return MENTIONED
    if spot.role in ("name", "property") or spot.page:
        return STAMP if _in_name(spot, before, after) else MENTIONED
    if _is_stamp(spot, before, after):
        return STAMP
    return SAID if _is_declared(spot, before, after) else MENTIONED


def bare(text: str) -> bool:
    """True for what is no word: blanks, brackets, rules, bullets, digits."""
    return not any(c.isalpha() for c in _EDGE_BARS.sub("", text.strip()))


def is_sentence(text: str) -> bool:
    """True when this reads as running text, not as a title."""
    rest = _TAIL.sub(" ", text)
    return bool(_SAYS.search(rest) or _FUNCTION.search(rest))


def _free_before(text: str) -> bool:
    return not text or not text[-1].isalnum()


def _free_behind(spot: Spot, text: str) -> bool:
    """True where the word ends, or is part of "社外秘資料"."""
    if spot.latin:
        return not text[:1].isalnum()
    compound = _COMPOUND if spot.only_class else _EVERYDAY_COMPOUND
    return bool(compound.match(text))


def _in_name(spot: Spot, before: str, after: str) -> bool:
    """In a name, a property, the head of a page: anywhere, unless the name is about such papers."""
    if spot.latin:
        return not _ENGLISH_COMPOUND.match(f" {after}" if after[:1].isalnum() else after)
    if _ABOUT.match(after):
        return False
    if spot.word.endswith("外秘"):
        return True
    ends = _free_behind(spot, after) or bool(_PAPERS_END.match(after))
    return (_free_before(before) or spot.only_class) and (ends or spot.page)


def _is_stamp(spot: Spot, before: str, after: str) -> bool:
    inside = _bracketed(before, after)
    if inside is not None:
        opening, prefix, suffix, before, after = inside
        tagged = opening in "【[〔" and bare(before) and bare(prefix) and suffix.strip() in _HANDLED
        if not tagged and not _fits_inside(spot, prefix, suffix):
            return False
        if opening in "*\"'" and not (bare(prefix) and bare(before)):
            return False
        if spot.latin and spot.word.islower() and (opening in "\"'" or not (bare(prefix) and bare(suffix))):
            return False
        return _beside_brackets(opening, before, after)
    if _free_behind(spot, after) and not _runs_on(after):
        ticked = _TICKED.search(before) and _BOX.search(before + after)
        listed = before.rstrip().endswith("/") and is_sentence(after)
        listed |= spot.latin and spot.word.islower() and before.islower()  # access: restricted
        if ticked or (_LABEL.search(before) and not listed and not _GOODS.search(after)):
            return True
    if "注意" in spot.word and _GOODS.search(before + after):
        return False
    if not _free_before(before) and not (
        spot.word.endswith("外秘") and bare(after) and not re.search(r"[ぁ-ん]", before) and len(before) <= 20
    ):
        return False
    if not _free_behind(spot, after) or (spot.latin and _ENGLISH_COMPOUND.match(after)):
        return False
    if spot.latin and (_JOINED_BEFORE.search(before) or _JOINED_BEHIND.match(after)):
        return False
    if not spot.latin:
        compound = (_COMPOUND if spot.only_class else _EVERYDAY_COMPOUND).match(after)
        after = after[compound.end() :] if compound else after
    if spot.latin:
        head, tail = _BESIDE.sub(" ", before), _BESIDE.sub(" ", after)
        if (head, tail) != (before, after) and bare(head) and bare(tail):
            return True  # confidential draft
    if spot.role == "subject":
        before = _TAGS.sub("", before)
    rest = before if bare(after) else after if bare(before) else f"{before} {after}"
    if bare(before) and bare(after):
        between = len(before.strip()) > 1 or (before.strip() and after.strip())
        return not spot.latin or not spot.word.islower() or bool(between)
    if _NUMBERED.fullmatch(before) and after[:1].isalnum():
        return False
    if spot.first and spot.only_class and not spot.latin and after[:1].isspace():
        return True
    if len(rest.strip()) > TITLE or _PARTICLE.match(after):
        return False
    return _in_title(spot, before, after)


def _in_title(spot: Spot, before: str, after: str) -> bool:
    """At the head or the end of a line that is a title, or between its bars."""
    if spot.role == "subject" and _DRAFT.match(after) and not before.rstrip()[-1:].isalnum():
        return True
    bars = bool(_BAR_BEFORE.search(before) and _BAR_BEHIND.match(after))
    apart = spot.only_class and not spot.latin and before[-1:].isspace() and after[:1].isspace()
    if spot.latin and spot.word.isupper() and bare(after) and _ENDED.search(before):
        return True
    named = spot.latin and bool(bare(after) and _IN_JAPANESE.fullmatch(before) and spot.word[:1].isupper())
    named |= spot.latin and bool(_NAMES.fullmatch(before) and _HEADED.match(after))
    if spot.role == "subject" and spot.latin and bare(after) and is_set_apart(before):
        return not is_sentence(before) and not before.rstrip().endswith(("?", "!"))
    if not (bars or apart or named or bare(before) or bare(after)):
        return False
    if bare(before) and spot.only_class and re.match(r"[\s※!]", after) and not spot.latin:
        return True
    if is_sentence(before) or is_sentence(after):
        return False
    if spot.word.lower().endswith("secret") and not spot.word.isupper() and _OF_JAPAN.match(after):
        return False  # what is sold under that name
    if not spot.latin or (
        spot.only_class and spot.role == "subject" and spot.word in (spot.word.title(), spot.word.upper())
    ):
        return True
    if not spot.word[:1].isupper() or (spot.word.lower() in _COMMON and _RUNNING.search(f"{before}#{after}")):
        return False
    if bare(after) and not bare(before):
        return (
            named
            or spot.word.isupper()
            or bool(_NAMES.fullmatch(before))
            or bool(
                re.search(
                    r"[^\w\s,']\s{0,8}$|\s\s$|^\W{0,4}(?:©|\(c\)|copyright|page)", before, re.IGNORECASE
                )
            )
        )
    plain = re.match(r"\s([A-Za-z])", after)
    return plain is None or spot.word.isupper() or plain[1].isupper()


def _runs_on(after: str) -> bool:
    return bool(re.match(r"[\s」』】\])]{0,3}(?:[のをはがにとや]|など|等)", after))


def _bracketed(before: str, after: str) -> tuple[str, str, str, str, str] | None:
    """(bracket, what stands in it in front of the mark, behind it, what stands before it, after it)."""
    for back in range(1, min(len(before), 32) + 1):
        char = before[-back]
        if char in _CLOSES.values() and char not in _CLOSES:
            return None
        if char in _CLOSES:
            closing = after[:40].find(_CLOSES[char])
            if closing < 0:
                if char in "*\"'":
                    continue
                return None
            return (
                char,
                before[len(before) - back + 1 :],
                after[:closing],
                before[: len(before) - back],
                after[closing + 1 :],
            )
    return None


def _fits_inside(spot: Spot, prefix: str, suffix: str) -> bool:
    """True when the brackets hold the mark, at most beside a department, a date, another stamp."""
    if not _free_behind(spot, suffix) or (spot.latin and _ENGLISH_COMPOUND.match(suffix)):
        return False
    if not _free_before(prefix) and not _LABEL.search(prefix) and not spot.only_class:
        return False
    return not is_sentence(prefix) and not is_sentence(suffix) and not _PARTICLE.match(suffix)


def _beside_brackets(opening: str, before: str, after: str) -> bool:
    """True when brackets stand as a stamp does: not as a quotation, not as part of a sentence that goes on."""
    if bare(before) and bare(after):
        return True
    if _LABEL.search(before) and not _runs_on(after):
        return True
    if _LABELLED.search(before) or _SHOWN.match(after):
        return False
    if opening in "*\"'" or opening in _QUOTES:
        return (
            (bare(before) or bare(after))
            and not _PARTICLE.match(after)
            and not is_sentence(before)
            and not is_sentence(after)
        )
    if re.match(r"[のとを]|という|な(?:情報|資料)", after) and (
        bare(before) or re.search(r"[ぁ-ん、]\s*$", before)
    ):
        return False
    return not re.match(r"\s?(?:に|と|は)?(?:表示|記載|記入|明記|押印|付け|書)", after)


def _is_declared(spot: Spot, before: str, after: str) -> bool:
    """This paper "は社外秘です"; "社外秘資料をお送りします"."""
    if (said := says_of_paper(before, after)) is not None:
        return said
    if not spot.only_class or spot.latin:
        return False
    clause = re.split(r"[。\n]", after, maxsplit=1)[0]
    if (bare(before) or _DECLARES.search(before)) and _DECLARED.match(clause):
        return not _ASKS.search(clause)
    return bool(_SENT.match(clause)) and not _CONDITION.search(clause)
