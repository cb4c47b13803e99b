"""OUT-MISSEND: an answer to many more than the mail that it answers."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def grown_thread(mail: ByRecipients, organisation: Organisation, *, added: int) -> Iterator[Sight]:
    """At least `added` recipients stood nowhere in the mail that is answered, and they are half as many as those who did, or more."""
    leaving, thread = mail.leaving, mail.leaving.memory.thread
    if thread is None or not thread.people:
        return
    own = mail.facts.sender.addresses if mail.facts.sender is not None else ()
    new = [r for r in leaving.recipients if r.address not in thread.people and r.address not in own]
    if len(new) < added or 2 * len(new) < len(thread.people):
        return
    new.sort(key=lambda r: organisation.group(r.address))
    about = tuple(r.address for r in new)
    yield Sight(
        (Evidence(", ".join(about)[:200], "header:to"),),
        {"count": str(len(new)), "before": str(len(thread.people)), "address": ", ".join(about[:3])[:200]},
        recipients=tuple(r.index for r in new),
        about=about[:20],
    )
