"""IN-FIRST: nobody here has dealt with this sender before."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByHeading


@rule(control="IN-FIRST", direction="inbound", wakes=(Given.STRANGER,))
def first_contact(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """Nobody here has written to the author or had clean mail from there (once we have learned long enough to
    say so)."""
    incoming = mail.incoming
    facts = mail.facts
    if facts.learning or not facts.familiar.isdisjoint(
        (incoming.author.address, facts.envelope.reverse_path)
    ):
        return
    if incoming.author.address and organisation.internal(incoming.author.address):
        return
    yield Sight((incoming.from_field(),), values={"address": incoming.author.address[:80]})
