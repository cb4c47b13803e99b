"""OUT-DEVICE: the author that people read must be the person who logged in."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFields
from mail.address import header_addresses


@rule(control="OUT-DEVICE", direction="outbound", wakes=(Given.SENDER,))
def foreign_author(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """From, Sender or a Resent- form of these names an address that is not the sender's own, or From names
    nobody (RFC 5322 §3.6.2, §3.6.6)."""
    sender = mail.facts.sender
    if sender is None:
        return
    own = {address.lower() for address in sender.addresses}
    everyone = tuple(range(len(mail.facts.envelope.forward_paths)))
    if not mail.message.all("from"):
        yield Sight(
            (Evidence("", "header:from"),), recipients=everyone, values={"address": "", "problem": "missing"}
        )
    for name in ("from", "sender", "resent-from", "resent-sender"):
        for field in mail.message.all(name):
            addresses = [m.address for m in header_addresses(field.value)] or [""]
            for address in addresses:
                if address.lower() not in own:
                    yield Sight(
                        (Evidence(address[:200], f"header:{name}"),),
                        recipients=everyone,
                        values={"address": address[:200], "problem": "foreign" if address else "unread"},
                    )
