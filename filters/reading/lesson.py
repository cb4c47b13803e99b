"""What a mail teaches about those who stand in it, for the house's memory (directory/past_mail.py): names and no text."""

import re
from collections.abc import Mapping

from filters.detect.person_names import SURNAMES
from filters.examined import Lesson
from filters.reading.leaving import MANY, Leaving
from mail.address import domain_of
from mail.charset import fold

_ROLES = frozenset(
    [
        "info",
        "sales",
        "support",
        "contact",
        "office",
        "mail",
        "web",
        "admin",
        "eigyo",
        "soumu",
        "somu",
        "keiri",
        "jinji",
        "hanbai",
        "kaihatsu",
        "service",
        "order",
        "orders",
        "staff",
        "team",
        "noreply",
        "reply",
        "help",
        "desk",
        "shop",
        "store",
        "post",
        "main",
        "hello",
        "accounts",
        "billing",
        "recruit",
        "press",
    ]
)
"""Parts of addresses that are nobody's name."""


def lesson(
    leaving: Leaving, *, arriving: bool = False, proved: bool = False, habits: Mapping[str, str] | None = None
) -> Lesson:
    """The names by which a leaving mail calls its recipients and their company; of an arriving one, who stands in it, whether
    its author is proved, and how they write."""
    shown = tuple(leaving.names)
    if arriving:
        return Lesson(
            visible=shown[: MANY * 2], reply_to=leaving.reply_to, proved=proved, habits=dict(habits or {})
        )
    names: dict[str, tuple[str, ...]] = {}
    by_address = {r.address: r for r in leaving.recipients}
    to = [address for address in shown if address in leaving.first and address in by_address]
    people = leaving.greeting.people
    greeted = dict(zip(to, people, strict=False)) if len(people) == len(to) or len(to) == 1 else {}
    for address, recipient in by_address.items() if len(by_address) <= MANY else ():
        said = [recipient.name, greeted.get(address, "")]
        if found := tuple(dict.fromkeys(name[:60] for name in said if name)):
            names[address] = found
    companies = leaving.greeting.companies
    domains = {domain_of(address) for address in leaving.visible & by_address.keys()}
    company = companies[0][:60] if len(companies) == 1 and len(domains) <= 2 else ""
    return Lesson(names, company, shown[: MANY * 4])


def surnames(recipient: str, names: tuple[str, ...]) -> frozenset[str]:
    """By which surnames a person may be mistaken for another: of their names, and of their address as it sounds."""
    local = recipient.partition("@")[0].partition("+")[0]
    found = {w for w in re.split(r"[^a-z]+", local.lower()) if len(w) >= 3 and w not in _ROLES}
    for name in names:
        if name.isascii():
            continue
        length = next((n for n in (4, 3, 2, 1) if len(name) > n and fold(name[:n]) in SURNAMES), 0)
        found.add(name[:length] if length else name[:2] if len(name) > 3 else name)
    return frozenset(found)
