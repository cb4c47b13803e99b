"""OUT-SIGN: lines of more than 998 octets, which a next hop may break, and with them words, files and our signature
(RFC 5321 4.5.3.1.6)."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLines


@rule(control="OUT-SIGN", direction="outbound", wakes=(Given.LONG_LINE,))
def long_lines(mail: ByLines, organisation: Organisation) -> Iterator[Sight]:
    """Parts or header fields with such lines, which can be written in shorter ones that say the same (mail/long_lines.py)."""
    if groups := mail.shortened.groups:
        everybody = tuple(range(len(mail.facts.envelope.forward_paths)))
        evidence = Evidence(str(len(groups)), "message")
        yield Sight((evidence,), values={"count": str(len(groups))}, recipients=everybody)
