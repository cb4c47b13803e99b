"""OUT-PII: lists of addresses, telephone numbers or accounts without names, such as a column of a table."""

import re
from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.detect.address_blocks import quoted
from filters.detect.credits import is_credits
from filters.detect.numbers import masked
from filters.detect.persons import phone
from filters.detect.text import Text
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent
from mail.address import header_addresses

_ADDRESS = re2.compile(r"[a-z0-9_][a-z0-9_.+%=&'-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_PHONE = re2.compile(r"(?:^|[^0-9+.-])(\+[1-9][0-9 ().-]{7,17}[0-9]|0[0-9() -]{8,13}[0-9])")
_DIALLED = bytes(ord("0") if chr(octet) in "0123456789() -.+" else 10 for octet in range(256))
"""Every octet of which a telephone number may be made as a zero, all others as a line end."""
_ACCOUNTS = ("bank_account", "iban")


@rule(control="OUT-PII", direction="outbound", wakes=(Finds(("person", "abroad", *_ACCOUNTS)),))
def contact_list(
    mail: ByContent, organisation: Organisation, *, addresses: int, phones: int, accounts: int
) -> Iterator[Sight]:
    """More different mail addresses than `addresses`, telephone numbers than `phones` or account numbers than `accounts`
    in the text and the files together.

    Addresses of those who take part in this mail or in the mails that it quotes do not count, nor do our own.
    """
    reading, texts = mail.reading, list(mail.reading.texts("body", "content"))
    found: dict[str, set[str]] = {"addresses": set(), "phones": set(), "accounts": set()}
    places: dict[str, str] = {}

    def add(what: str, text: Text, values: set[str]) -> None:
        if values:
            places.setdefault(what, text.place)
            found[what] |= values

    if sum(text.flat.count("@") for text in texts) > addresses:
        known = _participants(mail)
        for text in texts:
            public = reading.scan(text, organisation).public
            if not is_credits(text.place, text.raw):
                add("addresses", text, _addresses(text, known, organisation) - public)
    if sum(_likely(text.flat) for text in texts) > phones:
        for text in texts:
            add("phones", text, _phones(text) - reading.scan(text, organisation).public)
    for text in texts:
        data = reading.scan(text, organisation).data
        add("accounts", text, {datum.value for datum in data if datum.kind in _ACCOUNTS})
    for what, most in (("addresses", addresses), ("phones", phones), ("accounts", accounts)):
        if len(found[what]) > most:
            quote = ", ".join(_masked(value) for value in sorted(found[what])[:3])
            said = {"what": what, "count": str(len(found[what])), "where": places[what][:120]}
            yield Sight((Evidence(quote, places[what]),), values=said)


def _participants(mail: ByContent) -> set[str]:
    known = {address.lower() for address in mail.facts.envelope.recipients}
    for name in ("from", "to", "cc", "reply-to"):
        for field in mail.message.all(name):
            known |= {m.address.lower() for m in header_addresses(field.value)}
    return known


def _addresses(text: Text, known: set[str], organisation: Organisation) -> set[str]:
    if "@" not in text.flat:
        return set()
    found = {match[0].rstrip(".'") for match in _ADDRESS.finditer(text.flat)} - known
    if not found:
        return found
    found -= set(quoted(text.raw))
    return {address for address in found if not organisation.internal(address)}


def _likely(text: str) -> int:
    """At least as many as there are telephone numbers: a look that costs next to nothing, where most texts have few."""
    return text.encode("utf-8", "replace").translate(_DIALLED).count(b"0" * 9)


def _phones(text: Text) -> set[str]:
    """Telephone numbers by their digits: Japanese ones as filters.detect.persons knows them, others with + and country."""
    found = set()
    for written in {match[1] for match in _PHONE.finditer(text.flat)}:
        digits = re.sub(r"\D", "", written)
        if written.startswith("+") and not written.startswith("+81"):
            found |= {digits} if 8 <= len(digits) <= 15 else set()
        elif digits := phone(written):
            found.add(digits)
    return found


def _masked(value: str) -> str:
    local, at, domain = value.partition("@")
    return f"{local[:1]}***@{domain[:60]}" if at else masked(value)
