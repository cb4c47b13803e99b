"""OUT-ENCRYPT: somebody has already encrypted an attachment; it is left alone, and nobody here can look inside."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def encrypted_attachment(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """An attachment, or something inside it, wants a password."""
    for attachment in mail.reading.attachments:
        if attachment.extracted.verdict in ("encrypted", "partially_encrypted"):
            values = {
                "name": attachment.name[:80],
                "why": attachment.extracted.reason,
                "detail": attachment.extracted.why[:80],
            }
            yield Sight((Evidence(attachment.name[:200], attachment.path),), values=values)
