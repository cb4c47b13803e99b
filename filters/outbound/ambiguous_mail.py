"""OUT-CLASS: a mail that its recipients would read differently is sent back: nobody can say what it tells whom."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.ambiguity import STOP, doubt
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByForm


@rule(control="OUT-CLASS", direction="outbound", wakes=(Given.AMBIGUOUS,))
def ambiguous_mail(
    mail: ByForm, organisation: Organisation, *, ignored: tuple[str, ...], also: tuple[str, ...]
) -> Iterator[Sight]:
    """A mail with several readings of kinds that no sound mail program sends. `ignored` and `also` name detectors."""
    if sight := doubt(mail, organisation, STOP, ignored, also):
        yield sight
