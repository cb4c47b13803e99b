"""OUT-BODY: confidential content belongs in an attachment, never in subject or body."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import hits, said
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds, Given
from filters.views import ByContent


@rule(control="OUT-BODY", direction="outbound", wakes=(Finds(), Given.REGISTERED))
def confidential_body(
    mail: ByContent, organisation: Organisation, *, level: int, least: int, kinds: tuple[str, ...]
) -> Iterator[Sight]:
    """A mark of a class of at least `level`, or content of `kinds`, in the subject or the body.

    `least`: how much a mark must weigh (3 a stamp, 2 stated in a sentence, 1 merely mentioned). The quoted
    text of a reply is left to confidential_quote.
    """
    reading = mail.reading
    texts = reading.texts("subject", "body")
    found = [h for h in hits(reading, texts, organisation, level, least=least, kinds=kinds) if not h.quoted]
    if found:
        yield Sight(tuple(h.evidence for h in found[:3]), values=said(found))
