"""OUT-MISSEND: a stranger to all of us among recipients whom we know."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.reading.leaving import Addressee, Leaving, fits
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def newcomer(
    mail: ByRecipients, organisation: Organisation, *, introduced: tuple[str, ...]
) -> Iterator[Sight]:
    """Nobody here ever wrote to the address or its domain, others in the mail are known, and nothing greets or
    introduces the stranger.

    `introduced`: words that introduce somebody.
    """
    leaving, memory = mail.leaving, mail.leaving.memory
    if mail.facts.learning:
        return
    outside = leaving.outside(organisation)
    known = [r for r in outside if memory.of(r.address).ours > 0]
    strangers = [r for r in outside if not memory.of(r.address).ours and not memory.at(r.domain).ours]
    strangers = [r for r in strangers if r.domain not in organisation.partners]
    if not known or not strangers or leaving.says(introduced):
        return
    thread = memory.thread.people if memory.thread is not None else frozenset()
    others = _others(leaving, known)
    for recipient in strangers:
        greeted = any(not recipient.name or fits(p, (recipient.name,), recipient.address) for p in others)
        if recipient.address in thread or greeted:
            continue
        yield Sight(
            (Evidence(recipient.address[:120], "header:to"),),
            {"address": recipient.address[:120]},
            recipients=(recipient.index,),
            about=(recipient.address,),
        )


def _others(leaving: Leaving, known: list[Addressee]) -> list[str]:
    """The people that are greeted and are none of those whom we know."""
    everyone = [*known, *(r for r in leaving.recipients if r not in known and r.name)]
    known_names = {r.address: leaving.known_names(r) for r in known}
    return [
        person
        for person in leaving.greeting.people
        if not any(fits(person, names, address) for address, names in known_names.items())
    ] or [
        p
        for p in leaving.greeting.people
        for r in everyone
        if r not in known and fits(p, (r.name,), r.address)
    ]
