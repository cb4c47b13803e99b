"""OUT-BCC: many outsiders must not read each other's addresses."""

from collections.abc import Collection, Iterable, Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Field
from filters.views import ByFields
from mail.address import a_labels, domain_of, header_addresses, on_the_wire

SHOWN = ("to", "cc", "resent-to", "resent-cc")
"""Fields whose addresses each recipient sees."""


@rule(control="OUT-BCC", direction="outbound", wakes=(Field(SHOWN),))
def many_external(
    mail: ByFields,
    organisation: Organisation,
    *,
    addresses: int,
    domains: int,
    exempt_domains: tuple[str, ...],
    exempt_addresses: tuple[str, ...],
    known_thread: bool,
) -> Iterator[Sight]:
    """To and Cc show more than `addresses` external addresses, or at least `domains` external domains.

    Own and group domains, `exempt_domains` and `exempt_addresses` (mailing lists) do not count; each address counts once.
    `known_thread`: an answer to a mail that passed here, in which all outsiders of this one stood for everybody to read, is
    none.
    """
    outside = outsiders(shown(mail), organisation, exempt_domains, exempt_addresses)
    different = {domain_of(a) for a in outside}
    if len(outside) > addresses or len(different) >= domains:
        if known_thread and _all_stood(mail, organisation):
            return
        values = {"count": str(len(outside)), "domains": str(len(different))}
        # Colleagues get the same header: no copy may show one recipient's address to another.
        everyone = tuple(range(len(mail.facts.envelope.forward_paths)))
        evidence = Evidence(", ".join(sorted(outside)[:5])[:200], "header:to")
        yield Sight((evidence,), values=values, recipients=everyone)


def _all_stood(mail: ByFields, organisation: Organisation) -> bool:
    """True when no outsider, in the header or in the envelope only, is new among those who read each other's addresses in
    one mail that this one answers. In one: references to several mails make no circle of people who never stood together."""
    memory, envelope = mail.facts.memory, mail.facts.envelope
    if memory is None:
        return False
    all_of_it = shown(mail) | {a.casefold() for a in envelope.recipients}
    outside = {a for a in all_of_it if not organisation.group(a)}
    return any(outside <= stood for stood in memory.stood)


def shown(mail: ByFields) -> set[str]:
    """The addresses that To and Cc show, also of a mail that is sent again, folded."""
    found: set[str] = set()
    for header in mail.message.headers:
        if header.name in SHOWN:
            found |= {m.address.casefold() for m in header_addresses(header.value) if "@" in m.address}
    return found


def outsiders(
    addresses: Iterable[str], organisation: Organisation, domains: Collection[str], others: Collection[str]
) -> set[str]:
    """Those of the addresses that belong neither to us nor to the group, nor to these domains, nor are others that are
    exempt."""
    domains, others = {a_labels(d) for d in domains}, {on_the_wire(a.casefold()) for a in others}
    return {
        a for a in addresses if a not in others and domain_of(a) not in domains and not organisation.group(a)
    }
