"""OUT-ENCRYPT: an attachment of a kind that we cannot read."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.extensions import extension
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def unsupported_attachment(
    mail: ByAttachments, organisation: Organisation, *, allowed: tuple[str, ...]
) -> Iterator[Sight]:
    """We have no reader for an attachment, or for a file inside it, so it may carry anything.

    Runs of text in it are examined all the same. `allowed`: extensions that may leave unread ("dwg").
    Pages without text belong to the rule scanned_attachment.
    """
    permitted = {e.lower().lstrip(".") for e in allowed}
    for attachment in mail.reading.attachments:
        extracted = attachment.extracted
        if extracted.verdict != "unsupported" or extracted.is_pictures:
            continue
        if extension(attachment.name) not in permitted:
            values = {"name": attachment.name[:80], "why": extracted.reason, "detail": extracted.why[:80]}
            yield Sight((Evidence(attachment.name[:200], attachment.path),), values=values)
