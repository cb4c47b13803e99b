"""OUT-ENCRYPT: pages without a text layer and pictures of text, which only people can read."""

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
        if attachment.extracted.has_pictures_of_text:
            yield Sight(
                (Evidence(attachment.name[:200], attachment.path),), values={"name": attachment.name[:80]}
            )
