"""IN-CRYPT: an attachment that nobody could look into, perhaps with its password in the same mail."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.incoming import incoming_of
from filters.names import marked
from filters.rule import Mail, rule

_PASSWORD = re.compile(
    r"(?:パスワード|暗証番号|解凍(?:pw|パス)|pass(?:word|code)?|pwd?|kennwort|mot de passe|senha|contrasena)\s*(?:は|is|:|：|=|＝|「|\[|-)+\s*(\S{3,40})",
    re.IGNORECASE,
)


@rule(
    control="IN-CRYPT",
    direction="inbound",
    then="warn",
    weight=2,
    ja="添付ファイル「{name}」は暗号化されていて、中身を検査できません{more}",
    en='The attachment "{name}" is encrypted and could not be inspected{more_en}',
)
def locked_attachment(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """An encrypted archive or document (weight 2); its password in the same mail makes it weigh 4."""
    incoming = incoming_of(mail)
    for file in incoming.files:
        if file.verdict in ("encrypted", "partially_encrypted"):
            told = _PASSWORD.search(incoming.folded[:20_000])
            evidence = [Evidence(marked(file.name)[:120], file.place)]
            values = {"name": marked(file.name)[:60], "more": "", "more_en": ""}
            if told:
                evidence.append(
                    Evidence(
                        told[0].replace(told[1], "****")[:60],
                        incoming.texts[0].part if incoming.texts else "",
                    )
                )
                values |= {
                    "more": "（パスワードが同じメールに書かれています）",
                    "more_en": " (its password is in the same mail)",
                }
            yield Finding("", "", tuple(evidence), weight=4 if told else 2, values=values)
            return
