"""OUT-SECRET: an account together with its password, spelt out for people."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import hits
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent


@rule(control="OUT-SECRET", direction="outbound", wakes=(Finds(),))
def password_pair(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """A line such as "password: …" with an account near it, in the mail or in an attachment."""
    reading = mail.reading
    texts = reading.texts("subject", "body", "content")
    found = list(hits(reading, texts, organisation, 99, kinds=("password",)))
    if found:
        values = {"where": found[0].evidence.part[:80], "count": str(len(found))}
        yield Sight(tuple(h.evidence for h in found[:3]), values=values)
