"""OUT-ENCRYPT: pages without a text layer, which only people can read."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def scanned_attachment(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """A PDF that consists of pictures only, such as a scan, also inside archives."""
    for attachment in mail.reading.attachments:
        if attachment.extracted.is_pictures:
            yield Sight(
                (Evidence(attachment.name[:200], attachment.path),), values={"name": attachment.name[:80]}
            )
