"""OUT-ENCRYPT: pages without a text layer and pictures of text: not read, or read by a machine that errs."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def scanned_attachment(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """A PDF with pages that are pictures, such as a scan, or a picture of text; also inside archives and documents."""
    for attachment in mail.reading.attachments:
        if how := attachment.extracted.pictures_of_text:
            values = {"name": attachment.name[:80], "how": how}
            yield Sight((Evidence(attachment.name[:200], attachment.path),), values=values)
