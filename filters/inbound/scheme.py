"""IN-THEME: in whose name a mail asks for what, and why at once: what its author's domain does not bear out."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.inbound.changed_habits import changed
from filters.lures.belonging import (
    MAILERS,
    cites_services,
    is_cited,
    is_discussion,
    is_service,
    is_verified,
    leads_elsewhere,
    related,
)
from filters.lures.concepts import NOTHING, WEIGHED, Pretence, Scheme, may_fit, read
from filters.lures.hosts import below, is_customers, is_freemail, is_registered, is_restricted, label
from filters.lures.phrases import plain_of
from filters.lures.strangers import is_curt, is_named, is_odd, is_personal
from filters.reading.own_words import own_words
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFilesAndLinks
from mail.charset import fold
from mail.returned import is_by_program

OF_THE_HOUSE = frozenset(["house", "staff", "boss", "fortune", "intruder"])
"""Roles that no registered company has in a mail to strangers."""
MANY = 12
"""Links of reading matter, however short."""
_ACTS = re.compile(
    r"(?i)\.(?:html?|xhtml|shtml|svg|mht|eml|zip|7z|rar|iso|img|vhdx?|exe|msi|js|vbs|wsf|hta|lnk|scr|jar|cab|ps1|bat|cmd|docm|xlsm|xlam|one)$"
)
"""Files that open a page or run something."""
READ = 4_000
"""Characters of a correspondent's text of which the quoted ones are left out."""


@rule(control="IN-THEME", direction="inbound", wakes=(Given.STRANGER, Given.KNOWN))
def scheme(mail: ByFilesAndLinks, organisation: Organisation) -> Iterator[Sight]:
    """The heaviest row of the table in config/lists/schemes.toml that fits: a role that the mail claims, a thing that it asks,
    what urges, in ten languages; the row has a weight by who writes. Well-known organisations and those whose domains only
    offices, schools and societies get are what they say, but for services that carry strangers' words. 2 at most from those
    who have written before and registered companies' own domains, 1 from lists and in long reading matter. Of correspondents
    their own words count. A stranger's two sentences are judged by what is missing in them (ADR 69). Reports on delivery have `report_lure`."""
    incoming = mail.incoming
    if is_discussion(incoming) or organisation.internal(incoming.author.address):
        return
    if organisation.group(incoming.author.address):
        return
    if not mail.facts.envelope.reverse_path and is_by_program(incoming.author):
        return
    if incoming.is_long or len(incoming.links) > MANY:
        return
    who = _author(mail)
    claims = _claims(mail, who)
    weight, row = next((each for each in WEIGHED[who] if each[1].fits(claims)), (0, None))
    if row is None:
        return
    # whoever has an odd house says of their mail what suits them
    calm = incoming.is_bulk or _is_automatic(mail)
    if calm and (who != "odd" or mail.message.first("list-unsubscribe") is not None):
        weight = 1
    elif not incoming.known() and _is_modest(mail, claims):
        weight = min(weight, 2)
    role, ask, words = _shown(row, claims)
    values = {"who": role or "nobody", "what": ask or "nothing"}
    yield Sight(tuple(incoming.quote(w) for w in words), weight=weight, values=values)


def _is_automatic(mail: ByFilesAndLinks) -> bool:
    """True for what says that a program answers for somebody (RFC 3834)."""
    field = mail.message.first("auto-submitted")
    return field is not None and field.text.strip().lower().startswith("auto-replied")


def _claims(mail: ByFilesAndLinks, who: str) -> Pretence:
    incoming = mail.incoming
    text = plain_of(own_words(incoming.folded[:READ])) if incoming.known() else incoming.plain
    parts = plain_of(fold(incoming.name)[:200].lower()), text, incoming.lures[len(incoming.plain) :]
    return read(*parts) if may_fit(who, *parts) else NOTHING


def _author(mail: ByFilesAndLinks) -> str:
    """Which weight of a row counts."""
    incoming = mail.incoming
    domain = incoming.domain
    if incoming.known():
        strange = "changed" if mail.facts.habits and changed(incoming, mail.facts.habits) else ""
        return f"{strange} {'led' if _leads(mail) else ''}".strip() or "known"
    anybodys = not domain or is_freemail(domain) or is_customers(domain)
    if not anybodys and (incoming.sender_brand is not None or is_restricted(domain)):
        return "shared"
    if is_odd(incoming):
        return "odd"
    if not mail.reading.attachments and is_curt(incoming) and not (incoming.is_bulk or _is_automatic(mail)):
        greets = is_personal(incoming)
        if not incoming.hosts:
            return "curt" if greets else "blunt"
        if not (greets or anybodys or cites_services(incoming)):
            named = "bare elsewhere" if leads_elsewhere(incoming) else "bare"
            return named if is_named(incoming) else "odd"
    return "weight" if leads_elsewhere(incoming) and not mail.reading.attachments else "home"


def _leads(mail: ByFilesAndLinks) -> bool:
    """True for a correspondent's mail that leads to where neither they nor a well-known house are, or anybody shares; or with a
    file that does something, or, where nothing else leads anywhere, a document: it may lead wherever it likes."""
    incoming = mail.incoming
    if incoming.attached and not incoming.hosts:
        return True
    away = (h for h in incoming.hosts if not related(incoming.domain, h) and not below(h, MAILERS))
    return any(not is_cited(h) or is_service(h) for h in away) or any(
        _ACTS.search(each.name) for each in mail.reading.attachments
    )


def _is_modest(mail: ByFilesAndLinks, claims: Pretence) -> bool:
    incoming = mail.incoming
    if incoming.author.address in mail.facts.familiar:
        return True
    named = is_registered(incoming.domain) and "-" not in label(incoming.domain)
    return named and is_verified(mail) and OF_THE_HOUSE.isdisjoint(claims.roles)


def _shown(row: Scheme, claims: Pretence) -> tuple[str, str, list[str]]:
    """The role and the ask that made the row fit, and the words that show these and what urges."""
    role = next((r for r in claims.roles if r in row.of), "") or next(iter(claims.roles), "")
    ask = next((a for a in claims.asks if a in row.asks), "")
    urge = next((u for u in claims.urges if u in row.urges), "")
    words = [claims.roles.get(role, ""), claims.asks.get(ask, ""), claims.urges.get(urge, "")]
    return role, ask, [w for w in words if w]
