"""IN-CRYPT: an attachment that nobody could look into."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_PASSWORD = re.compile(
    r"(?:パスワード|暗証番号|解凍(?:pw|パス)|pass(?:word|code)?|pwd?|kennwort|mot de passe|senha|contrasena)\s{0,4}(?:は|is|:|：|=|＝|「|\[|-){1,4}\s{0,4}"
    r"(?!(?:sent|will|going|coming|being|to|the|in|by|on|not|separate(?:ly)?|provided|available|following)\b)[!-~]{3,40}",
    re.IGNORECASE,
)
"""A password in the text. 「パスワードは別途お知らせします」 gives none: what follows must be ASCII and not such a word."""
_WORD = re.compile(r"\S{3,40}$")
_LOCKED = ("encrypted", "partially_encrypted")


@rule(control="IN-CRYPT", direction="inbound", wakes=(Given.FILE,))
def locked_attachment(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """An encrypted archive or document (weight 2); with a password in the mail that does not open it here, 4.

    With `then = "hold"` it waits until its recipient types the password on our page, and is then inspected.
    """
    incoming = mail.incoming
    for attachment in mail.reading.attachments:
        if attachment.extracted.verdict not in _LOCKED:
            continue
        name = marked(attachment.name)
        evidence = [Evidence(name[:120], f"{attachment.path}/{attachment.name}"[:160])]
        values = {"name": name[:60]}
        if told := _PASSWORD.search(incoming.folded[:20_000]):
            quote = f"{_WORD.sub('', told[0])}****"[:60]
            evidence.append(Evidence(quote, incoming.texts[0].part if incoming.texts else ""))
            values["more"] = "told"
        yield Sight(tuple(evidence), weight=4 if told else 2, values=values)
        return
