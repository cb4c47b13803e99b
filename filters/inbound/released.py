"""IN-WARN: a mail that was held here and released comes again because a mailbox forwards it."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFields


@rule(control="IN-WARN", direction="inbound", wakes=(Given.RELEASED,))
def released(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """Facts.released names it: our mark on the content was proved (gateway/released.py). It is neither held
    nor changed again (filters.decision.decide); what a rule refuses stays refused."""
    if mail.facts.released:
        yield Sight((Evidence(mail.facts.released[:64], ""),))
