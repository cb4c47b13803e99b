"""IN-TYPE: a mail that reads differently from client to client is held, and leaves only rebuilt."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.ambiguity import STOP, doubt
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByForm


@rule(control="IN-TYPE", direction="inbound", wakes=(Given.AMBIGUOUS,))
def unscannable(
    mail: ByForm, organisation: Organisation, *, ignored: tuple[str, ...], also: tuple[str, ...]
) -> Iterator[Sight]:
    """A mail with several readings of kinds that ordinary mail does not have. `ignored` and `also` name detectors."""
    if sight := doubt(mail, organisation, STOP, ignored, also):
        yield sight
