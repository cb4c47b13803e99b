"""OUT-ENCRYPT: an encrypted attachment that could be examined, because we know its passphrase."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-ENCRYPT", direction="outbound", wakes=(Given.FILE,))
def opened_attachment(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """An attachment, or something inside it, was opened with an agreed passphrase or a word from the mail."""
    for attachment in mail.reading.attachments:
        for sign in attachment.extracted.signs:
            if sign.name == "opened":
                evidence = Evidence(f"opened: {sign.quote}", attachment.path)
                yield Sight((evidence,), values={"name": attachment.name[:80], "how": sign.quote})
                break
