"""OUT-BCC: many outsiders must not read each other's addresses."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Field
from filters.views import ByFields
from mail.address import domain_of, header_addresses


@rule(control="OUT-BCC", direction="outbound", wakes=(Field(("to", "cc")),))
def many_external(
    mail: ByFields,
    organisation: Organisation,
    *,
    addresses: int,
    domains: int,
    exempt_domains: tuple[str, ...],
) -> Iterator[Sight]:
    """To and Cc show more than `addresses` external addresses, or at least `domains` external domains.

    Own and group domains and `exempt_domains` do not count; each address counts once.
    """
    shown: set[str] = set()
    for header in mail.message.headers:
        if header.name in ("to", "cc"):
            shown |= {m.address.casefold() for m in header_addresses(header.value) if "@" in m.address}
    exempt = {d.lower() for d in exempt_domains}
    outside = {a for a in shown if not organisation.group(a) and domain_of(a) not in exempt}
    different = {domain_of(a) for a in outside}
    if len(outside) > addresses or len(different) >= domains:
        values = {"count": str(len(outside)), "domains": str(len(different))}
        # Colleagues get the same header: no copy may show one recipient's address to another.
        everyone = tuple(range(len(mail.facts.envelope.forward_paths)))
        evidence = Evidence(", ".join(sorted(outside)[:5])[:200], "header:to")
        yield Sight((evidence,), values=values, recipients=everyone)
