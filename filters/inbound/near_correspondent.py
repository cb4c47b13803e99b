"""IN-SPOOF: the sender, or where answers go, is one letter off somebody we know; or answers our mail from elsewhere."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import different, organisational
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByHeading
from mail.address import domain_of


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.ALIKE,))
def near_correspondent(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """The domain of From or Reply-To, to which nobody here ever wrote, is one or two letters off a partner's or another to
    which we write."""
    incoming, alike = mail.incoming, mail.facts.alike
    boxes = [(box, "header:from") for box in incoming.authors[:5]]
    boxes += [(box, "header:reply-to") for box in incoming.reply_to[:5]]
    for box, part in boxes:
        meant = [
            d
            for d in alike.get(organisational(domain_of(box.address)), ())
            if different(d, domain_of(box.address))
        ]
        if meant:
            values = {"address": box.address[:80], "meant": meant[0][:60]}
            yield Sight((Evidence(box.address[:120], part, 0),), values=values)
            return


@rule(control="IN-SPOOF", direction="inbound", wakes=(Given.ANSWER,))
def answer_from_elsewhere(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """It answers a mail of ours, but comes from a domain to which that mail did not go. Mailing lists answer for others."""
    incoming = mail.incoming
    if incoming.is_bulk or not incoming.domain or organisation.internal(incoming.author.address):
        return
    for thread in mail.facts.sent.values():
        there = {organisational(domain_of(each)) for each in thread.people}
        if there and organisational(incoming.domain) not in there:
            others = sorted(d for d in there if d and not organisation.group(f"@{d}"))
            if others:
                values = {"domain": incoming.domain[:60], "meant": others[0][:60]}
                yield Sight((incoming.from_field(),), values=values)
                return
