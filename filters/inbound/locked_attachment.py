"""IN-CRYPT: an attachment that nobody could look into, or whose password comes in the same mail."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.keys import WRITTEN
from filters.finding import Evidence, Finding
from filters.incoming import incoming_of
from filters.names import marked
from filters.reading import reading_of
from filters.rule import Mail, rule

_PASSWORD = re.compile(
    r"(?:パスワード|暗証番号|解凍(?:pw|パス)|pass(?:word|code)?|pwd?|kennwort|mot de passe|senha|contrasena)\s{0,4}(?:は|is|:|：|=|＝|「|\[|-){1,4}\s{0,4}\S{3,40}",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S{3,40}$")
_LOCKED = ("encrypted", "partially_encrypted")


@rule(
    control="IN-CRYPT",
    direction="inbound",
    then="warn",
    weight=2,
    ja="添付ファイル「{name}」は暗号化されていて、{state}{more}",
    en='The attachment "{name}" is encrypted and {state_en}{more_en}',
)
def locked_attachment(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """An encrypted archive or document (weight 2); told a password that does not open it here, it weighs 4.

    What opens with a word of the mail was examined, and counts all the same: it was meant not to be.
    """
    incoming = incoming_of(mail)
    for attachment in reading_of(mail).attachments:
        extracted = attachment.extracted
        opened = [s.quote for s in extracted.signs if s.name == "opened"]
        unread = extracted.verdict in _LOCKED
        if not (unread or opened or extracted.locked):
            continue
        name = marked(attachment.name)
        place = f"{attachment.path}/{attachment.name}"[:160]
        told = _PASSWORD.search(incoming.folded[:20_000])
        evidence = [Evidence(name[:120], place), *(Evidence(quote, place) for quote in dict.fromkeys(opened))]
        values = {
            "name": name[:60],
            "state": "中身を検査できません" if unread else "パスワードを使って検査しました",
            "state_en": "could not be inspected" if unread else "was opened for inspection",
            "more": "",
            "more_en": "",
        }
        if told:
            quote = f"{_WORD.sub('', told[0])}****"[:60]
            evidence.append(Evidence(quote, incoming.texts[0].part if incoming.texts else ""))
        if told or any(WRITTEN in quote for quote in opened):
            values |= {
                "more": "（パスワードが同じメールに書かれています）",
                "more_en": " (its password is in the same mail)",
            }
        yield Finding(
            "", "", tuple(evidence[:4]), weight=4 if unread and values["more"] else 2, values=values
        )
        return
