"""IN-REPORT: the sender, a link or a file is on the block list: it was reported, or an administrator added it."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.listing import BLOCK
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFields


@rule(control="IN-REPORT", direction="inbound", wakes=(Given.LISTED,))
def blocked(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """The author, the envelope's sender, the host of a link, or a file matches an entry of the block list. A
    person's own entries apply to that person only."""
    for listing in mail.facts.listed:
        if listing.list != BLOCK:
            continue
        recipients = enumerate(mail.facts.envelope.recipients)
        mine = tuple(i for i, address in recipients if address.lower() in listing.people)
        if mine or not listing.people:
            yield Sight(
                (Evidence(listing.subject[:200], ""),),
                recipients=mine if listing.people else None,
                values={"what": listing.subject[:200]},
            )
