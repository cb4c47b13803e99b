"""OUT-BODY, milder: a confidentiality mark in the text that a reply quotes."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import hits, said
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent


@rule(control="OUT-BODY", direction="outbound", wakes=(Finds(("mark",)),))
def confidential_quote(mail: ByContent, organisation: Organisation, *, level: int) -> Iterator[Sight]:
    """A mark of a class of at least `level` in quoted text: it may be the partner's own, so the sender should look."""
    reading = mail.reading
    found = [h for h in hits(reading, reading.texts("body"), organisation, level) if h.quoted]
    if found:
        yield Sight(tuple(h.evidence for h in found[:3]), values=said(found))
