"""OUT-BCC: an outsider in Bcc reads along what colleagues believe to be among themselves."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.outbound.many_external import shown
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByFields
from mail.address import header_addresses


@rule(control="OUT-BCC", direction="outbound", wakes=(Always("it looks at the envelope"),))
def hidden_external(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """To and Cc name colleagues and nobody else, and an external recipient stands in Bcc only.

    The sender's own addresses in To do not count: that is how mail to many is to be sent.
    """
    visible = shown(mail)
    hidden = tuple(
        index
        for index, address in enumerate(mail.facts.envelope.recipients)
        if address.casefold() not in visible and not organisation.group(address)
    )
    if not hidden or not visible:
        return
    sender = mail.facts.sender
    own = {a.casefold() for a in sender.addresses} if sender is not None else set()
    for field in mail.message.all("from"):
        own |= {m.address.casefold() for m in header_addresses(field.value)}
    if visible <= own or not all(organisation.group(address) for address in visible):
        return
    names = [mail.facts.envelope.recipients[index] for index in hidden]
    yield Sight(
        (Evidence(", ".join(names[:5])[:200]),),
        values={"count": str(len(hidden)), "address": names[0][:120]},
        recipients=hidden,
    )
