"""OUT-SIGN: lines of more than 998 octets that cannot be made shorter: the sender is told that they may arrive broken."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLines


@rule(control="OUT-SIGN", direction="outbound", wakes=(Given.LONG_LINE,))
def unbroken_lines(mail: ByLines, organisation: Organisation) -> Iterator[Sight]:
    """Such lines in a signed part (RFC 1847: a change breaks the signature), in a header field without a blank, or in what may
    not be encoded."""
    if left := mail.shortened.left:
        where = "signed" if mail.shortened.signed else "header" if "header" in left else "text"
        yield Sight(tuple(Evidence("", place) for place in left[:5]), values={"where": where})
