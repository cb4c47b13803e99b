"""IN-CRYPT: writing in a picture or on a scanned page, which nobody here can read."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="IN-CRYPT", direction="inbound", wakes=(Given.FILE,))
def picture_of_text(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """A scan, or a picture that looks like a page, also inside archives and documents: its QR codes are read, its words
    are not."""
    found = [a for a in mail.reading.attachments if a.extracted.has_pictures_of_text]
    if found:
        evidence = tuple(Evidence(marked(a.name)[:120], a.path) for a in found[:3])
        yield Sight(evidence, values={"name": marked(found[0].name)[:60]})
