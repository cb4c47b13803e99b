"""IN-AUTH: our own domain as the sender of mail from outside."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByHeading
from mail.address import domain_of


@rule(control="IN-AUTH", direction="inbound", wakes=(Always("the author's domain is compared with ours"),))
def own_domain_outside(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """From names one of our own domains although the mail comes from outside, and neither DMARC nor a trusted
    forwarder vouches for it (as for our own words that come back from a mailing list)."""
    incoming = mail.incoming
    found = mail.facts.authentication
    if found.dmarc == "pass" or found.forwarder or mail.facts.origin.login:
        return
    for box in incoming.authors:
        if "@" in box.address and organisation.ours(domain_of(box.address)):
            yield Sight((incoming.from_field(),), values={"address": box.address[:80]})
            return
