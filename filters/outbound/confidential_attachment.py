"""OUT-ENCRYPT: attachments with confidential content leave encrypted."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import hits, said
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByContent


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def confidential_attachment(
    mail: ByContent,
    organisation: Organisation,
    *,
    level: int,
    least: int,
    kinds: tuple[str, ...],
    people: int,
) -> Iterator[Sight]:
    """A mark of a class of at least `level`, content of `kinds`, or a list of people in an attachment or its name.

    `least`: how much a mark must weigh (3 a stamp, 2 stated in a sentence, 1 merely mentioned). `people`:
    this many records of people in one text make a list (0: never). of people in one text make a list (0:
    never).
    """
    reading = mail.reading
    for attachment in reading.attachments:
        texts = attachment.texts
        found = list(hits(reading, texts, organisation, level, least=least, kinds=kinds, people=people))
        if found:
            evidence = tuple(dict.fromkeys(h.evidence for h in found[:3]))
            yield Sight(evidence, values={"name": attachment.name[:80], **said(found)})
