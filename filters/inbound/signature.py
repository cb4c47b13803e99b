"""IN-SIGNATURE: a signature that does not fit the sender or cannot be true."""

import re
import unicodedata
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures import telephones
from filters.lures.hosts import brand_called, is_freemail, is_hosting, label, organisational, owner
from filters.reading.incoming import different
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByText, TextView
from mail.charset import fold

LINES = 14
"""Lines at the end of a text in which a signature is looked for."""

_ADDRESS = re.compile(r"[a-z0-9._%+-]{1,64}@((?:[a-z0-9-]+\.)+[a-z]{2,24})")
_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|\(株\)|\(有\)|㈱|㈲|\b(?:inc|ltd|llc|corp|corporation|limited|gmbh|co\.,? ?ltd|k\.k|plc|s\.a|b\.v)\b\.?"
)
"""Legal forms, by which the name of an organisation in a signature is told from a word."""
_WEB = re.compile(r"(?:https?://|\bwww\.)([a-z0-9.-]{4,253})")
_TO_US = re.compile(r"[様殿宛]|御中|[先名](?:[ :]|$)|お?客|dear|attn|bill|ship|customer", re.MULTILINE)
"""Whoever is named there is written to, or about: a greeting, an address on a bill."""
_NEAR = 4
"""Lines between an organisation's name and what shows that it signs."""
_READ = (
    r"(?:tel|電話|携帯|直通|代表|phone|mobile|☎|fax)[^0-9+(\n]{0,8}\+?\(?\p{Nd}",
    r"[a-z0-9._%+-]@[a-z0-9-]",
    r"株式会社|有限会社|合同会社|合資会社|\(株\)|\(有\)|㈱|㈲",
    r"inc\.|ltd|llc|corp|limited|gmbh|k\.k|plc|s\.a|b\.v",
)
"""What the rule judges: a number with its word, an address, a company."""
_QUOTED = re.compile(r"(?m)^[^\S\n]*(?:[>|]|-{2,}\s*(?:original|forwarded)|from:|差出人:|on .{5,80} wrote:)")
_SIGNED = re.compile(
    r"tel|fax|電話|株式会社|有限会社|合同会社|〒|e-?mail|http|mobile|携帯|=====|-----|━━━|───|\*\*\*\*"
)


@rule(control="IN-SIGNATURE", direction="inbound", wakes=(Says(_READ), Given.CUT_OFF))
def signature(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """The address in the signature belongs to another organisation, or the signature names a partner, a well-known company or
    ourselves, whose domain is another, or a company at whose site the author is not; an impossible telephone number; TEL and
    FAX, each with a label, are equal. A block with the recipient's own address is the echo of a form, not a signature."""
    incoming = mail.incoming
    if incoming.is_bulk or incoming.is_long or not incoming.domain:
        return
    for shown in incoming.texts[:3]:
        lines = _signature(fold(shown.text).lower())
        block = "\n".join(lines)
        # A form's echo ends with the recipient's own data: nobody signed that.
        if not _SIGNED.search(block) or any(address in block for address in incoming.recipients):
            continue
        if why := _odd(block, incoming, organisation) or _foreign(shown.text, block, incoming, organisation):
            code, quote, value = why
            low = code == "site" or ("@" in quote and not is_freemail(incoming.domain))
            weight = 1 if low else 2
            values = {"why": code, **value}
            yield Sight((Evidence(quote[:80], shown.part, -1),), weight=weight, values=values)
            return


def _signature(text: str) -> list[str]:
    """The last lines of what the author himself wrote."""
    text = text[:100_000]
    if quoted := _QUOTED.search(text):
        text = text[: quoted.start()]
    last = text.rstrip().rsplit("\n", 4 * LINES)[-4 * LINES :]
    return [stripped for line in last if (stripped := line.strip())][-LINES:]


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
    found = [m for m in _ADDRESS.finditer(block) if m[0] not in incoming.recipients]
    hosts = {m[1] for m in found}
    foreign = all(different(h, incoming.domain) and not organisation.ours(h) for h in hosts)
    # A free-mail sender under a company's signature counts; a company that lists several addresses does not.
    if hosts and foreign and (is_freemail(incoming.domain) or len(hosts) == 1):
        first = found[0][0]
        return "address", first, {"address": first}
    return None


def _foreign(
    text: str, block: str, incoming: TextView, organisation: Organisation
) -> tuple[str, str, dict[str, str]] | None:
    """The organisation that signs although its domain is another; its name is read before folding takes the blanks away."""
    if not _LEGAL.search(block) or organisation.group(f"x@{incoming.domain}"):
        return None
    lines = _signature(unicodedata.normalize("NFKC", text).lower())
    name = _organisation(lines, incoming.domain, organisation) or _ourselves(lines, organisation)
    if name:
        return "organisation", name, {"name": name}
    host = _site(block, incoming, organisation)
    return ("site", host, {"host": host}) if host else None


def _ourselves(lines: list[str], organisation: Organisation) -> str:
    """Our own name, where somebody else signs with it: not in a greeting, nor where mail or goods go to."""
    own = _bare(fold(organisation.name).lower())
    for at, line in enumerate(lines):
        if not own or not _LEGAL.search(line) or _bare(fold(line.split()[0])) != own:
            continue
        around = "\n".join(lines[max(0, at - 2) : at + 3])
        below = "\n".join(lines[at : at + 1 + _NEAR])
        if not _TO_US.search(around) and (
            telephones.TEL.search(below) or _ADDRESS.search(below) or "〒" in below
        ):
            return organisation.name
    return ""


def _site(block: str, incoming: TextView, organisation: Organisation) -> str:
    """The only site of a company's signature, when the author writes from elsewhere and bears no part of its name. Many
    companies have one domain for mail and one for the web, so it weighs little, and nothing of somebody known."""
    if incoming.known() or is_freemail(incoming.domain):
        return ""
    hosts = {host.strip(".-") for host in _WEB.findall(block)}
    sites = {organisational(host) for host in hosts if owner(host) is None and not is_hosting(host)}
    if len(sites) != 1:
        return ""
    (site,) = sites
    one, other = (re.sub(r"[^a-z0-9]", "", label(domain)) for domain in (site, incoming.domain))
    alike = one[:4] == other[:4] or one in other or other in one
    return (
        site if different(site, incoming.domain) and not organisation.group(f"x@{site}") and not alike else ""
    )


def _organisation(lines: list[str], domain: str, organisation: Organisation) -> str:
    """A partner's or a well-known organisation's full name, with its legal form, under a domain that is not its own."""
    for line in lines:
        if (form := _LEGAL.search(line)) is None:
            continue
        names = {_bare(piece) for piece in (line[: form.end()], line[form.start() :].split()[0], line)} - {""}
        for partner, title in organisation.partners.items():
            if _bare(fold(title).lower()) in names and different(partner, domain):
                return title
        for name in sorted(names):
            if (brand := brand_called(name)) and not brand.owns(domain):
                return brand.name
    return ""


def _bare(text: str) -> str:
    """An organisation's name without its legal form."""
    return _LEGAL.sub("", text[:80]).strip(" ,.、。・-–|/()")
