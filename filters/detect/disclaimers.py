"""Disclaimers and signatures: what is written beneath every mail, so that a word of a class in it says nothing.

A disclaimer speaks of the message itself, and of whom it is meant for, who may have got it by mistake or what they must
not do. A mark that stands alone directly above such sentences is their heading.
"""

import re
from collections.abc import Sequence

from filters.detect.mark_shapes import Spot
from filters.reading.own_words import borrowed

LONGEST = 600
"""Characters of each line that are looked at."""
HEADING = 12
"""Letters beside a mark in a heading."""
REACH = 12
"""Lines in which neighbours are searched for."""

_MESSAGE = re.compile(
    r"(?i)(?:この|本|当|当該)(?:電子|e-?)?(?:メール|メイル|メッセージ|通信|送信|ファクス|fax)|電子メール|eメール|e-mails?\b|\bemails?\b|"
    r"\bmails?\b|\bmessages?\b|transmission|communication|correspondence|\bfax\b|nachricht|courriel|correo|mensaje|"
    r"mensagem|messaggio|bericht|邮件|郵件|信件|메일|email này|thư này|อีเมล|\bpesan\b|surel"
)
_MEANT = re.compile(
    r"(?i)誤(?:って|送|配|受信)|間違(?:って|い|え)|心当たり|身に覚え|名宛|宛先(?:の方|以外|人|に(?:記載|指定))|"
    r"(?:意図|指定|特定)(?:された|する|した|の方|の個人|の受)|受(?:信|取|領)(?:者|人)|受け取(?:られ|り|る)|"
    r"(?:固く|堅く|厳に|一切)?(?:禁じ|お断り|禁止)|ご?遠慮|破棄|削除|消去|秘匿|免責|(?:を|が)含(?:む|み|ん|ま)|"
    r"(?:機密|秘密)(?:保持|扱い|情報|です)|第三者|無断|"
    r"intended|addressee|addressed|recipient|in error|by mistake|mistaken|privileg|unauthori[sz]ed|prohibit|delete|"
    r"destroy|named (?:person|individual|above|entity)|confidentiality|disclaim|disclosure|dissemination|legally|"
    r"(?:is|are) (?:\w{1,12} )?confidential|contains? (?:information|confidential)|may contain|vertraulich|adressat|empfänger|irrtümlich|confidentiel|"
    r"destinataire|confidencial|destinatari|erreur|riservat|vertrouwelijk|geadresseerde|机密|收件人|수신|"
    r"转发|轉發|披露|泄露|洩露|外传|保密|误收|誤收|删除|刪除|仅供|僅供|전달|유출|누설|삭제|기밀|비밀|weitergabe|weiterleit|unbefugt|vernicht|löschen|"
    r"diffus|divulg|supprim|détrui|reenvi|prohíb|prohib|elimin|borrar|inoltr|vietat|cancell|encaminh|apagar|proibid|verspreid|verwijder|verboden|"
    r"bảo mật|người nhận|xóa|ความลับ|ผู้รับ|rahasia|penerima"
)
_PLAINLY = re.compile(
    r"(?i)誤って(?:本|この|受|お受)|心当たりのない|"
    r"(?:intended|meant) (?:solely |only |exclusively )?for (?:the |its |their )?(?:use (?:of|by) )?(?:the )?"
    r"(?:named|above|individual|addressee|recipient|person|intended)|"
    r"(?:received|reached you)(?: \w{1,12}){0,5} (?:in error|by mistake)|(?:intended|named) (?:recipient|addressee)|"
    r"privileged (?:and|&|or) confidential|confidential (?:and|&|or)(?: \w{1,12})? privileged|"
    r"confidentiality (?:notice|note|statement|warning)|legal (?:notice|disclaimer)|^\W*disclaimer\b|免責事項|"
    r"機密保持(?:について|に関する)|think before you print|consider the environment|registered (?:in|office)"
)
_CONTACT = re.compile(r"(?i)〒|\btel\b|電話|\bfax\b|phone|mobile|携帯|\+?\d[\d() -]{8,16}\d")


def is_disclaimer(text: str, *, mail: bool = True) -> bool:
    """True when a text speaks of the message, and of whom it is meant for or what is forbidden.

    `mail` is False for the text of a document, which has to name the message.
    """
    names = bool(_MESSAGE.search(text))
    return (names and bool(_MEANT.search(text) or _PLAINLY.search(text))) or (
        mail and bool(_PLAINLY.search(text))
    )


class Surroundings:
    """The lines of a text, as far as they tell whether a mark is somebody else's or of a footer."""

    def __init__(self, lines: list[str], role: str) -> None:
        self._lines = lines
        self._role = role
        self._borrowed: tuple[Sequence[bool], Sequence[bool]] | None = None

    def quoted(self, number: int) -> bool:
        """True for a line of a body that it quotes."""
        return self._role == "body" and _at(self._both()[0], number)

    def disclaims(self, number: int, spot: Spot) -> bool:
        """True when a mark in this line belongs to a disclaimer or to a signature."""
        if self._role not in ("body", "content"):
            return False
        mail = self._role == "body"
        if is_disclaimer(self._joined([number]), mail=mail):
            return True
        alone = sum(map(str.isalpha, spot.before + spot.after)) <= HEADING
        only_class = spot.only_class and "confidential" not in spot.word.lower()
        above, below = self._near(number, -1), self._near(number, 1)
        if alone and below and self._disclaiming(below, mail):
            touches = below[0] == number + 1 or not any(
                not self._lines[n].strip(" >\t\r") for n in range(number + 1, below[0])
            )
            if not only_class or (touches and above):
                return True
        if not alone or not mail or not above:
            return False
        if _at(self._both()[1], number):
            return True
        ends = not below or self._disclaiming(below, mail)
        if ends and not only_class and self._disclaiming(above[:3], mail):
            return True
        if self.quoted(number):
            return False
        return ends and any(_CONTACT.search(self._lines[n][:LONGEST]) for n in above[:3])

    def _disclaiming(self, numbers: list[int], mail: bool) -> bool:
        """True when these lines begin (or, going upwards, end) a disclaimer."""
        first = self._lines[numbers[0]][:LONGEST]
        if not any(p.search(first) for p in (_MESSAGE, _MEANT, _PLAINLY)):
            return False
        return is_disclaimer(self._joined(sorted(numbers[:4])), mail=mail)

    def _joined(self, numbers: list[int]) -> str:
        return " ".join(self._lines[n][:LONGEST].strip(" >\t\r") for n in numbers)

    def _near(self, number: int, step: int) -> list[int]:
        """The numbers of the next lines with words in one direction."""
        found = []
        for n in range(number + step, number + step * (REACH + 1), step):
            if not 0 <= n < len(self._lines):
                break
            if any(c.isalnum() for c in self._lines[n][:LONGEST]):
                found.append(n)
        return found

    def _both(self) -> tuple[Sequence[bool], Sequence[bool]]:
        if self._borrowed is None:
            self._borrowed = borrowed("\n".join(self._lines)) if self._role == "body" else ((), ())
        return self._borrowed


def _at(flags: Sequence[bool], number: int) -> bool:
    return number < len(flags) and flags[number]
