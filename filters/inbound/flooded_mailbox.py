"""IN-FIRST: a mailbox to which many strangers write within minutes; what matters is meant to be overlooked among them."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByHeading


@rule(control="IN-FIRST", direction="inbound", wakes=(Given.FLOOD,))
def flooded_mailbox(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """A stranger's mail to a recipient whose mailbox is being flooded (directory/floods.py). It is delivered: the warning says
    to look for what it hides. Mail of people we know is as always."""
    incoming, facts = mail.incoming, mail.facts
    if incoming.known() or incoming.author.address in facts.familiar:
        return
    places = tuple(i for i, a in enumerate(facts.envelope.recipients) if a in facts.flooded)
    if places:
        values = {"count": str(max(facts.flooded.values()))}
        yield Sight((incoming.from_field(),), recipients=places, values=values)
