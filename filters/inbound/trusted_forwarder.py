"""IN-AUTH: a trusted forwarder says that the mail was authentic when it got there."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByHeading


@rule(control="IN-AUTH", direction="inbound", wakes=(Given.FORWARDER,))
def trusted_forwarder(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """Our own checks failed, and authentication_failed is silent, because an intact ARC chain of one of
    authentication.trusted_sealers says that they passed there. Noted for those who ask why nobody was
    warned."""
    found = mail.facts.authentication
    if found.forwarder and found.dmarc != "pass":
        quote = f"ARC {found.arc}, DMARC {found.dmarc}"
        evidence = (mail.incoming.from_field(), Evidence(quote, "", -1))
        yield Sight(evidence, values={"forwarder": found.forwarder[:80]})
