"""IN-LINK: pictures that nobody searched: too large, or too many, for the QR codes in them to be read."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import Mail, rule


@rule(control="IN-LINK", direction="inbound")
def unsearched_picture(mail: Mail, organisation: Organisation) -> Iterator[Sight]:
    """Pictures beyond what is searched for QR codes: 20 MB or 30 million pixels each, 60 million and 20 in all."""
    if count := mail.incoming.unsearched_pictures:
        yield Sight((), values={"count": str(count)})
