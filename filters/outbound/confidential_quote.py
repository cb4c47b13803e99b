"""OUT-BODY, milder: a confidentiality mark in what a mail quotes or forwards."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import hits, said
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent


@rule(control="OUT-BODY", direction="outbound", wakes=(Finds(("mark",)),))
def confidential_quote(mail: ByContent, organisation: Organisation, *, level: int) -> Iterator[Sight]:
    """A mark of a class of at least `level` in quoted text, or in a subject that was taken over.

    It may be the partner's own, so the sender should look; where all who get the mail have it already, it is none.
    """
    reading = mail.reading
    found = [h for h in hits(reading, reading.texts("subject", "body"), organisation, level) if h.quoted]
    if found:
        yield Sight(tuple(h.evidence for h in found[:3]), values=said(found))
