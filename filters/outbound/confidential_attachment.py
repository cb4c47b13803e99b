"""OUT-ENCRYPT: attachments with confidential content leave encrypted."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.confidential import LEVEL, hits, named
from filters.finding import Finding
from filters.reading import reading_of
from filters.rule import Mail, rule


@rule(
    control="OUT-ENCRYPT",
    direction="outbound",
    then="encrypt",
    ja="添付ファイル「{name}」に{what}が含まれています",
    en='The attachment "{name}" contains confidential data ({what})',
)
def confidential_attachment(
    mail: Mail, organisation: Organisation, *, level: int = LEVEL
) -> Iterator[Finding]:
    """A mark of a class of at least `level`, a My Number or a card number in an attachment or its name."""
    reading = reading_of(mail)
    for attachment in reading.attachments:
        found = list(hits(reading, attachment.texts, organisation, level))
        if found:
            evidence = tuple(dict.fromkeys(h.evidence for h in found[:3]))
            yield Finding("", "", evidence, values={"name": attachment.name[:80], "what": named(found)})
