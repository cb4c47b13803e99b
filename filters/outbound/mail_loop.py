"""A mail that has passed through too many hosts is in a loop (RFC 5321 §6.3)."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Field
from filters.views import ByFields


@rule(control="OPS-LOG", direction="both", wakes=(Field(("received",)),))
def mail_loop(mail: ByFields, organisation: Organisation, *, most: int) -> Iterator[Sight]:
    """More Received fields than a real route has."""
    count = len(mail.message.all("received"))
    if count > most:
        everyone = tuple(range(len(mail.facts.envelope.forward_paths)))
        yield Sight(recipients=everyone, values={"count": str(count)})
