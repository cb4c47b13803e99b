"""A mail that has passed through too many hosts is in a loop (RFC 5321 §6.3)."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import Mail, rule
from filters.trigger import Field
from mail.trace import hops


@rule(control="OPS-LOG", direction="both", wakes=(Field(("received",)),))
def mail_loop(mail: Mail, organisation: Organisation, *, most: int) -> Iterator[Sight]:
    """More Received fields than a real route has."""
    count = hops(mail.message)
    if count > most:
        everyone = tuple(range(len(mail.facts.envelope.forward_paths)))
        yield Sight(recipients=everyone, values={"count": str(count)})
