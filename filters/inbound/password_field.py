"""IN-LINK: a page in the mail itself with a field for a password: no honest mail asks for one where it is read."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks


@rule(control="IN-LINK", direction="inbound", wakes=(Given.PAGE,))
def password_field(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """HTML with an input of the type "password", or that says so by its name or hint, also in a frame; whoever wrote it."""
    for page in mail.incoming.pages:
        if page.passwords:
            place = mail.incoming.texts[0].part if mail.incoming.texts else ""
            yield Sight((Evidence(" ".join(page.text.split())[:100], place, 0),))
            return
