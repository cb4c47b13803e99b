"""IN-THEME: the address of a cryptocurrency wallet in the text; money sent there never comes back."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByText

_TOKEN = re.compile(r"\w{26,}", re.ASCII)
_ADDRESS = re.compile(
    r"bc1[a-z0-9]{25,62}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33}"
)
_IN_LINKS = ("/", "=", ".", "@", "-", "%")
_DIGIT_AND_LETTERS = re.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])|(?:bc1|0x)")


@rule(control="IN-THEME", direction="inbound", wakes=(Says((r"[0-9A-Za-z]{26}",)),))
def coin_address(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """A Bitcoin, Ethereum or Tron wallet in the text of an unknown sender; not as part of a link."""
    incoming = mail.incoming
    if incoming.known() or incoming.is_bulk:
        return
    for shown in incoming.texts:
        text = shown.text[:20_000]
        for found in _TOKEN.finditer(text):
            if text[found.start() - 1 : found.start()] in _IN_LINKS or not _ADDRESS.fullmatch(found[0]):
                continue
            if _DIGIT_AND_LETTERS.match(found[0]):
                evidence = (Evidence(found[0][:64], shown.part, found.start()),)
                yield Sight(evidence, values={"wallet": f"{found[0][:8]}…"})
                return
