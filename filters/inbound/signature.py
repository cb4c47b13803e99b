"""IN-SIGNATURE: a signature that does not fit the sender or cannot be true."""

import re
import unicodedata
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import brand_called, is_freemail
from filters.reading.incoming import different
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByText, TextView
from mail.charset import fold

LINES = 14
"""Lines at the end of a text in which a signature is looked for."""

_ADDRESS = re.compile(r"[a-z0-9._%+-]{1,64}@((?:[a-z0-9-]+\.)+[a-z]{2,24})")
_PHONE = r"(\+?\(?\d[\d() .-]{6,18}\d)"
_TEL = re.compile(rf"(?:tel|電話|phone|℡|☎)[^0-9+(\n]{{0,8}}{_PHONE}")
_FAX = re.compile(rf"fax[^0-9+(\n]{{0,8}}{_PHONE}")
_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|\(株\)|\(有\)|㈱|㈲|\b(?:inc|ltd|llc|corp|corporation|limited|gmbh|co\.,? ?ltd|k\.k|plc|s\.a|b\.v)\b\.?"
)
"""Legal forms, by which the name of an organisation in a signature is told from a word."""
_NOWHERE = re.compile(r"\(?00\)?-|\(?0{3,}|\(?00\)")
"""Begins like no number of any numbering plan: 00-1234-5678 (00 and a country are written 0049 or 00 49)."""
_READ = (
    r"(?:tel|電話|phone|☎|fax)[^0-9+(\n]{0,8}\+?\(?\p{Nd}",
    r"[a-z0-9._%+-]@[a-z0-9-]",
    r"株式会社|有限会社|合同会社|合資会社|\(株\)|\(有\)|㈱|㈲",
    r"inc\.|ltd|llc|corp|limited|gmbh|k\.k|plc|s\.a|b\.v",
)
"""What the rule judges: a number with its word, an address, a company."""
_QUOTED = re.compile(r"^\s*(?:[>|]|-{2,}\s*(?:original|forwarded)|from:|差出人:|on .{5,80} wrote:)")
_SIGNED = re.compile(
    r"tel|fax|電話|株式会社|有限会社|合同会社|〒|e-?mail|http|mobile|携帯|=====|-----|━━━|───|\*\*\*\*"
)


@rule(control="IN-SIGNATURE", direction="inbound", wakes=(Says(_READ), Given.CUT_OFF))
def signature(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """The address in the signature belongs to another organisation, or the signature names a partner or a well-known company
    whose domain is another; an impossible telephone number; TEL and FAX, each with a label, are equal. A block with the recipient's own address is the echo of a form, not a signature."""
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
            weight = 1 if "@" in quote and not is_freemail(incoming.domain) else 2
            values = {"why": code, **value}
            yield Sight((Evidence(quote[:80], shown.part, -1),), weight=weight, values=values)
            return


def _signature(text: str) -> list[str]:
    """The last lines of what the author himself wrote."""
    lines: list[str] = []
    for line in text[:100_000].splitlines():
        if _QUOTED.match(line):
            break
        if line.strip():
            lines.append(line.strip())
    return lines[-LINES:]


def _odd(
    block: str, incoming: TextView, organisation: Organisation
) -> tuple[str, str, dict[str, str]] | None:
    """(the word for what does not fit, what was read, values of the word)."""
    # One label for both ("TEL/FAX 03-…") is honest: there the same number stands once.
    tel = {m.start(1): m[1] for m in _TEL.finditer(block)}
    fax = {m.start(1): m[1] for m in _FAX.finditer(block)}
    numbers = {_digits(number) for at, number in tel.items() if at not in fax}
    faxes = {_digits(number) for at, number in fax.items() if at not in tel}
    if both := numbers & faxes:
        number = sorted(both)[0]
        return "same_number", number, {}
    for number in (tel | fax).values():
        if _NOWHERE.match(number) or not possible(_digits(number)):
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
    if not _LEGAL.search(block) or organisation.ours(incoming.domain):
        return None
    lines = _signature(unicodedata.normalize("NFKC", text).lower())
    name = _organisation(lines, incoming.domain, organisation)
    return ("organisation", name, {"name": name}) if name else None


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


def _digits(text: str) -> str:
    bare = re.sub(r"[^\d+]", "", text)
    return "0" + bare[3:].removeprefix("0") if bare.startswith("+81") else bare


def possible(number: str) -> bool:
    """False for a Japanese number that the numbering plan does not have; foreign numbers pass."""
    if number.startswith(("0120", "0800", "0570", "0990")):
        return len(number) == (11 if number.startswith("0800") else 10)
    if number.startswith(("+", "00", "01")) or not number.startswith("0"):
        return True
    if re.match(r"0[5-9]0", number):
        return len(number) == 11 and number[3] != "0"
    return len(number) == 10 and number[1] != "0"
