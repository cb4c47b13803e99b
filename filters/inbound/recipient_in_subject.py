"""IN-THEME: a subject or sender's name that calls the reader by e-mail address, as only machines do."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import different, is_freemail
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByText
from mail.address import domain_of


@rule(
    control="IN-THEME",
    direction="inbound",
    wakes=(Always("the recipients' addresses are compared with the subject"),),
)
def recipient_in_subject(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """A recipient's whole address in the subject, the sender's name or the greeting; or the recipient's
    domain in the first two, from outside: our own people do not call the organisation that.
    """
    incoming = mail.incoming
    addresses = {a for a in incoming.recipients if len(a) >= 6 and a != incoming.author.address.lower()}
    for place, text in (("header:subject", incoming.subject), ("header:from", incoming.name)):
        lower = text.lower()
        if any(a in lower for a in addresses):
            yield Sight((Evidence(text[:120], place, 0),), weight=2)
            return
    domains = {d for a in addresses if len(d := domain_of(a)) >= 6}
    if not organisation.internal(incoming.author.address) and not incoming.is_bulk:
        for place, text in (("header:from", incoming.name), ("header:subject", incoming.subject)):
            lower = text.lower()
            if any(d in lower and not is_freemail(d) and different(d, incoming.domain) for d in domains):
                yield Sight((Evidence(text[:120], place, 0),), weight=2 if place == "header:from" else 1)
                return
    opening = incoming.folded[len(incoming.subject) : len(incoming.subject) + 150]
    greeted = next((a for a in addresses if a in opening), "")
    if greeted and not incoming.is_bulk:
        yield Sight((incoming.quote(greeted),), weight=1)
