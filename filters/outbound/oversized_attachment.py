"""OUT-ENCRYPT: an attachment beyond the limits of what we read."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def oversized_attachment(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """An archive has too many levels, members or bytes, or a document too many pages."""
    for attachment in mail.reading.attachments:
        if attachment.extracted.verdict == "limit":
            values = {
                "name": attachment.name[:80],
                "why": attachment.extracted.reason,
                "detail": attachment.extracted.why[:80],
            }
            yield Sight((Evidence(attachment.name[:200], attachment.path),), values=values)
