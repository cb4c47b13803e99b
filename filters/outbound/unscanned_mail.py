"""OUT-VIRUS: nobody can say that a leaving mail holds no virus."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.reading.scanned import unseen
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFields


@rule(control="OUT-VIRUS", direction="outbound", wakes=(Given.VIRUS,))
def unscanned_mail(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """The scanner did not answer, its signatures are too old, or it did not look at all of the mail. It is held, and scanned again
    until somebody has looked; then it goes its way."""
    yield from unseen(mail.facts)
