"""IN-CRYPT: writing in a picture or on a scanned page: not read, or read by a machine that errs."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments

UNREAD = "unread"


@rule(control="IN-CRYPT", direction="inbound", wakes=(Given.FILE,))
def picture_of_text(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """A scan, or a picture that looks like a page, also inside archives and documents: its QR codes are always
    read, its words where there is OCR, and time (docs/reading.md)."""
    found = [a for a in mail.reading.attachments if a.extracted.pictures_of_text]
    if found:
        found.sort(key=lambda a: a.extracted.pictures_of_text != UNREAD)
        first = found[0]
        evidence = tuple(Evidence(marked(a.name)[:120], a.path) for a in found[:3])
        yield Sight(
            evidence, values={"name": marked(first.name)[:60], "how": first.extracted.pictures_of_text}
        )
