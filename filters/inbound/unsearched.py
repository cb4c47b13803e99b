"""IN-LINK: more than is searched: pictures too large, or too many, for their QR codes to be read, links, texts."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks


@rule(control="IN-LINK", direction="inbound", wakes=(Given.UNSEARCHED,))
def unsearched(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """More than is searched for signs: 20 pictures, 20 MB or 30 million pixels each; 1,000 links; 20 texts."""
    if more := mail.incoming.unsearched:
        yield Sight((), values={"what": " ".join(sorted(more))})
