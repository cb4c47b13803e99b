"""OUT-VIRUS: the virus scanner found something in a leaving mail."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.reading.scanned import infected
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFields


@rule(control="OUT-VIRUS", direction="outbound", wakes=(Given.VIRUS,))
def infected_mail(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
    """The scanner has a name for something in the mail as it came, or in a file that we can open and it cannot."""
    yield from infected(mail.facts)
