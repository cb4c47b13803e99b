"""IN-VIRUS: nobody can say that an arriving mail holds no virus."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.reading.scanned import unseen
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFields


@rule(control="IN-VIRUS", direction="inbound", wakes=(Given.VIRUS,))
def unscanned(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """The scanner did not answer, its signatures are too old, or it did not look at all of the mail. What may be otherwise in a
    while is answered 451 when nothing else holds the mail, so that it comes again."""
    yield from unseen(mail.facts)
