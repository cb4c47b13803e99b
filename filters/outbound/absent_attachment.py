"""OUT-MISSEND: a file that the mail announces and does not bring."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.text import Text
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByContent

NO_FILES = frozenset({"ics", "vcf", "p7s", "p7m", "asc", "sig"})
"""Extensions of what mail programs add by themselves."""
_SENTENCE = re.compile(r"(?:[^。．！!？?\n.]|\.(?!\s))+")
_CLAUSE = re.compile(r"[^、，,]+")
_SAID = (
    "添付|別添|同封|別紙",
    "(?:ファイル|データ|PDF|スキャン|エクセル|Excel|ワード|Word|パワーポイント|PowerPoint)(?:一式)?(?:を|にて|で|も)?(?:お送り|送付|ご送付|送り|送信)"
    "(?:します|いたします|致します|いたしました|致しました|しました|申し上げ|させて)",
    "(?:書|表|一覧|資料|図面|議事録|写真|リスト|データ|ファイル|写し|案)を(?:お?付け|添え|つけ)(?:ます|ました|いたし|て(?:お送り|おき|あり|おり))",
    r"\battach(?:ed|ing|ments?)\b|\benclos(?:ed|ing)\b|\b(?:I|we)(?:'ve| have)? attach(?:ed)?\b",
)
_ANNOUNCED = re.compile("|".join(_SAID), re.IGNORECASE)
_OTHERWISE = re.compile(
    r"(?:添付|別添|同封)(?:の)?(?:ファイル|資料|書類|もの)?(?:の|は|が|を|も|で|に|する|して)?"
    r"(?:不要|(?:が|は)?必要(?:です|で|な|あり|は)|要(?:り|ら)|なし|無し|なく|無く|ありません|ございません|でき(?:ない|ません|ず|る|ます|れば|兼)|可能"
    r"|しません|しない|せず|せずに|しておりません|していません|されていません|し?忘れ|漏れ|もれ|洩れ|では(?:なく|送|お送り)?|ではなく|でなく|代え|代わり"
    r"|省略|割愛|上限|容量|サイズ|形式|開け|拝見|拝受|受け取|受領|頂|いただ(?:い|き)|いません|おりません|ください|下さい|お願い|願い|お送りください"
    r"|ご返送|ご提出)"
    r"|(?:添付|同封)(?:いただ|頂|くださ|下さ|願|をお?願)|ご(?:添付|同封)|添付(?:する|いただく|される)(?:場合|際|よう|予定)|添付して[^。]{0,8}予定"
    r"|(?:添付|同封)の(?:上|うえ)(?![^。]{0,12}(?:いたし|致し|します|しました|申し上げ))"
    r"|(?:いただ|頂)(?:い|き)?(?:た|まし|ておりました)(?:メール|資料|ファイル)?(?:の)?添付|(?:お送り|ご送付)の添付|(?:貴社|御社|先方|そちら)(?:から|より)の?添付"
    r"|(?:前回|前便|先日|以前|先ほど|先程|昨日|先週|過日|既に|すでに)(?:の?メール)?(?:に|で|は|の|も)?(?:添付|同封|別添)"
)
"""Said of a file that is not ours to send with this mail."""
_LATER = re.compile(
    r"後ほど|のちほど|後程|追って|後日|別便|次のメール|まもなく|準備ができ|でき次第|別途(?:メール|お送り)|(?:明日|来週|週明け)(?:中)?(?:に|には|、|までに)[^。]{0,12}$"
)
_BY_POST = re.compile(r"郵送|宅配|宅急便|クール便|書留|封筒|郵便|原本|見本|サンプル|検体|製品|発送")
_NOT_SO = re.compile(
    r"\b(?:not?|never|without|cannot|nothing)\b[^.,;]{0,30}attach|n[’']t\b[^.,;]{0,30}attach|\bto attach\b|instead of (?:an? )?attach"
    r"|\byour attach|\byou(?:[’']ve| have| had)?\s+(?:\w+\s+)?attached"
    r"|\b(?:please|could you|can you|kindly|would you|will you)\s+(?:\w+\s+){0,3}(?:attach|enclose)\b"
    r"|\battach(?:ed)? to (?!this|the (?:e-?)?mail|the message)|\battachments? (?:size|limit|policy|you)"
    r"|\b(?:previous|earlier|last) (?:e-?mail|mail|message)\b[^.]{0,20}attach|\bwill (?:be )?attach|\bstrings attached",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://([^\s/<>「」]{3,253})/[^\s<>「」]", re.IGNORECASE)
_MEETING = re.compile(
    r"(?:^|\.)(?:zoom\.us|teams\.microsoft\.com|teams\.live\.com|meet\.google\.com|webex\.com)$",
    re.IGNORECASE,
)
"""Hosts to which a link leads to a meeting, not to a file."""
_ANSWER = re.compile(r"\s*(?:re|fwd?|fw|返信|転送)\s?[:：]", re.IGNORECASE)


@rule(
    control="OUT-MISSEND",
    direction="outbound",
    wakes=(Says(("|".join((*_SAID[:3], "attach|enclos")),)),),
)
def absent_attachment(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """The author says that something is attached, in words of their own, and there is neither a file nor a link to one.

    What is quoted, signed, denied, asked of the reader, said of an earlier mail or announced for later does not count.
    """
    reading = mail.reading
    texts = [*reading.own_words, *([] if _ANSWER.match(reading.subject.raw) else [reading.subject])]
    if not any(_ANNOUNCED.search(text.raw) for text in texts):
        return
    links = (host for text in reading.own_words for host in _LINK.findall(text.raw))
    if any(not _MEETING.search(host) for host in links) or any(
        a.own and not a.inline_image and a.name.rpartition(".")[2].lower() not in NO_FILES
        for a in reading.attachments
    ):
        return
    for text in texts:
        for words, offset in announced(text):
            yield Sight((Evidence(words, text.place, offset),), values={"words": words}, about=(words,))
            return


def announced(text: Text) -> Iterator[tuple[str, int]]:
    """The words that announce a file, and where they stand."""
    for sentence in _SENTENCE.finditer(text.raw):
        said = sentence[0]
        first = _ANNOUNCED.search(said)
        if first is None or _LATER.search(said, 0, first.start()) or _NOT_SO.search(said):
            continue
        if "同封" in said and _BY_POST.search(said):
            continue
        for clause in _CLAUSE.finditer(said):
            if _ANNOUNCED.search(clause[0]) and not _OTHERWISE.search(clause[0]):
                words = " ".join(clause[0].split())[:80]
                yield words, sentence.start() + clause.start() + len(clause[0]) - len(clause[0].lstrip())
