"""IN-CRYPT: an encrypted attachment that opened with words of the same mail, or with well-known passwords."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.keys import TYPED, WRITTEN
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="IN-CRYPT", direction="inbound", wakes=(Given.FILE,))
def unlocked_attachment(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """It was inspected but counts all the same: it was meant not to be. What its recipient opened for us does not."""
    for attachment in mail.reading.attachments:
        extracted = attachment.extracted
        if extracted.verdict in ("encrypted", "partially_encrypted"):
            continue
        opened = list(dict.fromkeys(s.quote for s in extracted.signs if s.name == "opened"))
        if not (opened or extracted.locked) or TYPED in opened:
            continue
        name, place = marked(attachment.name), f"{attachment.path}/{attachment.name}"[:160]
        values = {"name": name[:60]}
        if WRITTEN in opened:
            values["more"] = "told"
        evidence = (Evidence(name[:120], place), *(Evidence(f"opened: {quote}", place) for quote in opened))
        yield Sight(evidence[:4], values=values)
        return
