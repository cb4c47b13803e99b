"""OUT-SECRET: keys and tokens do not leave."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import hits, named
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds, Given
from filters.views import ByContent


@rule(control="OUT-SECRET", direction="outbound", wakes=(Finds(), Given.REGISTERED))
def credential(mail: ByContent, organisation: Organisation, *, kinds: tuple[str, ...]) -> Iterator[Sight]:
    """A private key, access token or connection string with its password, in the mail or an attachment."""
    reading = mail.reading
    found = list(hits(reading, reading.texts("subject", "body", "content"), organisation, 99, kinds=kinds))
    if found:
        values = {"what": named(found), "where": found[0].evidence.part[:80]}
        yield Sight(tuple(h.evidence for h in found[:3]), values=values)
