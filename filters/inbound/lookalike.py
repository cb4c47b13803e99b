"""IN-LOOKALIKE: a host that contains or imitates the name of an organisation without being its own."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import imitated, readable
from filters.rule import Mail, rule

_HOW = {
    "contains": ("を含む", "contains the name of"),
    "looks like": ("に似た文字を使う", "imitates the letters of"),
    "typing error": ("と一文字違いの", "is one letter off"),
}


@rule(
    control="IN-LOOKALIKE",
    direction="inbound",
    then="warn",
    weight=4,
    ja="「{name}」{how}別のドメイン（{host}）が使われています",
    en="{host} {how_en} {name}, but does not belong to it",
)
def lookalike(mail: Mail, organisation: Organisation) -> Iterator[Sight]:
    """The sender's domain or the host of a link imitates a brand, a partner or ourselves."""
    incoming = mail.incoming
    own = (*organisation.domains, *organisation.group_domains, *organisation.partners)
    places = [(incoming.domain, "header:from", 0)] if incoming.domain else []
    places += [(link.host, link.part, link.offset) for link in incoming.links if link.host]
    for host, part, offset in dict.fromkeys(places[:100]):
        if found := imitated(host, own):
            name, how = found
            ja, en = _HOW[how]
            values = {"name": name, "how": ja, "how_en": en, "host": readable(host)[:80]}
            # Newsletters link to many; a name inside one of their hosts says less.
            weight = 4 if part == "header:from" or how != "contains" or len(incoming.hosts) <= 8 else 1
            evidence = (Evidence(readable(host)[:120], part, offset),)
            yield Sight(evidence, weight=weight, values=values)
            return
