"""IN-TYPE: minor damage that ordinary mail has too. All readings were examined; the journal records it."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.ambiguity import NOTE, doubt
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByForm


@rule(control="IN-TYPE", direction="both", wakes=(Given.AMBIGUOUS,))
def odd_form(mail: ByForm, organisation: Organisation) -> Iterator[Sight]:
    """A mail with several readings of kinds found in ordinary mail, such as winmail.dat."""
    if sight := doubt(mail, organisation, NOTE, (), ()):
        yield sight
