"""OUT-MISSEND: the person of the same name at another company."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.reading.leaving import FREQUENT, Addressee, Leaving, fits, same_firm
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients
from mail.address import without_tag


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def namesake(mail: ByRecipients, organisation: Organisation) -> Iterator[Sight]:
    """Somebody of the same surname elsewhere was meant: the greeting names that company or that whole name, subject, files or
    the first lines name that company, or the sender writes there and never here."""
    leaving, memory = mail.leaving, mail.leaving.memory
    present = {r.address for r in leaving.recipients}
    for recipient in leaving.outside(organisation):
        others = [o for o in memory.namesakes.get(without_tag(recipient.address), ()) if o not in present]
        meant = next((o for o in others if _is_meant(leaving, organisation, recipient, o)), "")
        if meant:
            yield Sight(
                (Evidence(recipient.address[:120], "header:to"),),
                {"address": recipient.address[:120], "meant": meant[:120]},
                recipients=(recipient.index,),
                about=(recipient.address,),
                meant=meant,
            )


def _is_meant(leaving: Leaving, organisation: Organisation, recipient: Addressee, other: str) -> bool:
    memory, greeting = leaving.memory, leaving.greeting
    domain = leaving.home(other)
    names, theirs = leaving.known_names(recipient), memory.of(other).names
    there = {d for r in leaving.recipients if (d := r.domain) != recipient.domain}
    present = [leaving.known_names(r) for r in leaving.recipients if r != recipient]
    whole = [p for p in greeting.people if not any(n.startswith(p) and n != p for n in (*names, *theirs))]
    if any(p in theirs and p not in names and not any(p in others for others in present) for p in whole):
        return True
    if domain == recipient.domain or any(p in names and p not in theirs for p in whole):
        return False
    greeted = any(fits(person, theirs, other) for person in greeting.people)
    here = {f for d in (recipient.domain, *there) for f in leaving.firms(d, organisation)}
    for company in greeting.companies if greeted or not greeting.people else ():
        of_other = any(same_firm(company, f) for f in leaving.firms(domain, organisation))
        if of_other and not any(same_firm(company, f) for f in here):
            return True
    if domain not in there and leaving.mentions(domain, organisation):
        return not leaving.mentions(recipient.domain, organisation)
    together = any(recipient.domain in memory.at(d).beside for d in there)
    if together or leaving.greets_firm(recipient.domain, organisation):
        return False
    return memory.of(other).mine >= FREQUENT and memory.at(recipient.domain).mine < FREQUENT / 4
