"""IN-SIGNATURE: a signature that does not fit the sender or cannot be true."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures import telephones
from filters.lures.belonging import leads_elsewhere
from filters.lures.hosts import different, is_freemail
from filters.lures.signers import ADDRESS, last_lines, signer
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByLinks, TextView
from mail.charset import fold

_READ = (
    r"(?:tel|電話|携帯|直通|代表|phone|mobile|☎|fax)[^0-9+(\n]{0,8}\+?\(?\p{Nd}",
    r"[a-z0-9._%+-]@[a-z0-9-]",
    r"株式会社|有限会社|合同会社|合資会社|\(株\)|\(有\)|㈱|㈲",
    r"inc\.|ltd|llc|corp|limited|gmbh|k\.k|plc|s\.a|b\.v",
)
"""What the rule judges: a number with its word, an address, a company."""
_SIGNED = re.compile(
    r"tel|fax|電話|株式会社|有限会社|合同会社|〒|e-?mail|http|mobile|携帯|=====|-----|━━━|───|\*\*\*\*"
)


@rule(control="IN-SIGNATURE", direction="inbound", wakes=(Says(_READ), Given.CUT_OFF))
def signature(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The address in the signature belongs to another organisation, or the signature names a partner, a well-known company or
    ourselves, whose domain is another, or a company at whose site the author is not; an impossible telephone number; TEL and
    FAX, each with a label, are equal. A site to which the links lead as well is no second sign. A block with the recipient's own address is the echo of a form, not a signature."""
    incoming = mail.incoming
    if incoming.is_bulk or incoming.is_long or not incoming.domain:
        return
    for shown in incoming.texts[:3]:
        block = "\n".join(last_lines(fold(shown.text).lower()))
        # A form's echo ends with the recipient's own data: nobody signed that.
        if not _SIGNED.search(block) or any(address in block for address in incoming.recipients):
            continue
        why = _odd(block, incoming, organisation) or signer(
            shown.text, block, incoming.domain, organisation, is_known=incoming.known()
        )
        if why:
            code, quote, value = why
            # a site stands without a path: others are what the mail leads to, and `links_elsewhere` says so
            pages = (link.target.partition("://")[2].partition("/")[2] for link in incoming.links)
            if code == "site" and any(pages) and leads_elsewhere(incoming):
                return
            low = code == "site" or ("@" in quote and not is_freemail(incoming.domain))
            weight = 1 if low else 2
            values = {"why": code, **value}
            yield Sight((Evidence(quote[:80], shown.part, -1),), weight=weight, values=values)
            return


def _odd(
    block: str, incoming: TextView, organisation: Organisation
) -> tuple[str, str, dict[str, str]] | None:
    """(the word for what does not fit, what was read, values of the word)."""
    # One label for both ("TEL/FAX 03-…") is honest: there the same number stands once.
    tel = {m.start(1): m[1] for m in telephones.TEL.finditer(block)}
    fax = {m.start(1): m[1] for m in telephones.FAX.finditer(block)}
    numbers = {telephones.digits(number) for at, number in tel.items() if at not in fax}
    faxes = {telephones.digits(number) for at, number in fax.items() if at not in tel}
    if both := numbers & faxes:
        number = sorted(both)[0]
        return "same_number", number, {}
    for number in (tel | fax).values():
        if telephones.impossible(number, block):
            shown = number.strip()
            return "impossible", shown, {"number": shown}
    found = [m for m in ADDRESS.finditer(block) if m[0] not in incoming.recipients]
    hosts = {m[1] for m in found}
    foreign = all(different(h, incoming.domain) and not organisation.ours(h) for h in hosts)
    # A free-mail sender under a company's signature counts; a company that lists several addresses does not.
    if hosts and foreign and (is_freemail(incoming.domain) or len(hosts) == 1):
        first = found[0][0]
        return "address", first, {"address": first}
    return None
