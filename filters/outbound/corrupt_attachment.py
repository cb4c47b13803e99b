"""OUT-ENCRYPT: an attachment that cannot be read may hide anything."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def corrupt_attachment(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """An attachment is damaged, or built so that two programs would read different things in it."""
    for attachment in mail.reading.attachments:
        if attachment.extracted.verdict == "corrupt":
            values = {
                "name": attachment.name[:80],
                "why": attachment.extracted.reason,
                "detail": attachment.extracted.why[:80],
            }
            yield Sight((Evidence(attachment.name[:200], attachment.path),), values=values)
