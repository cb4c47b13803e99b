"""IN-WARN: the recipient, or an administrator for all, trusts this sender until a given day."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.listing import ALLOW, subjects
from filters.lures.belonging import is_author_proved
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByHeading


@rule(control="IN-WARN", direction="inbound", wakes=(Given.LISTED,))
def trusted_sender(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """The allow list names the author's address or domain, and SPF or DKIM of that very domain passed: what
    anybody can write into From is not trusted. Indicators about the sender and the text no longer warn those
    who trust; those about files still do (filters.decision.decide.OF_FILES), and what a rule holds is still held."""
    author = subjects([mail.incoming.author.address])  # what the envelope names lends the author nothing
    listed = [x for x in mail.facts.listed if x.list == ALLOW and (x.kind, x.subject) in author]
    if not listed or not is_author_proved(mail):
        return
    everybody = next((x for x in listed if not x.people), None)
    for listing in [everybody] if everybody else listed:
        recipients = enumerate(mail.facts.envelope.recipients)
        mine = tuple(i for i, address in recipients if address.lower() in listing.people)
        if everybody or mine:
            yield Sight(
                (Evidence(listing.subject[:200], "header:from"),),
                recipients=None if everybody else mine,
                values={"who": listing.subject[:200]},
            )
