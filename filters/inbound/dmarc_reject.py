"""IN-AUTH: the author's domain asks us to refuse mail that fails authentication (DMARC p=reject)."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByHeading


@rule(control="IN-AUTH", direction="inbound", wakes=(Given.DMARC_FAIL,))
def dmarc_reject(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """DMARC failed and the domain published p=reject (or sp=, np= for this mail, and not in test mode).

    Only observed by default: authentication_failed already warns, and mailing lists that modify mail make
    honest mail fail. `then = "reject"` does what the domain asks (550 in the session, no bounce); first name
    the lists that your people read under authentication.trusted_sealers.
    """
    found = mail.facts.authentication
    if found.dmarc == "fail" and found.dmarc_policy == "reject" and not found.forwarder:
        incoming = mail.incoming
        evidence = (incoming.from_field(), Evidence("DMARC p=reject", "", -1))
        yield Sight(evidence, values={"domain": incoming.domain[:60]})
