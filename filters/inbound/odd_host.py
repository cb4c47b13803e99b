"""IN-LOOKALIKE: addresses that somebody made for a few days."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.hosts import is_cheap, is_hosting, is_random, label, organisational
from filters.incoming import incoming_of
from filters.rule import Mail, rule


@rule(
    control="IN-LOOKALIKE",
    direction="inbound",
    then="warn",
    weight=2,
    ja="使い捨てと思われるアドレス（{host}）が使われています",
    en="It uses an address that looks thrown away ({host})",
)
def odd_host(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """The sender's domain or a link's host: random letters, a cheap top-level domain, or a page anybody can open."""
    incoming = incoming_of(mail)
    places = [(incoming.domain, "header:from", 0)] if incoming.domain else []
    places += [(link.host, link.part, link.offset) for link in incoming.links if link.host][:60]
    best: tuple[int, str, str, int] | None = None
    for host, part, offset in places:
        weight = _oddness(host, part == "header:from")
        if weight and (best is None or weight > best[0]):
            best = weight, host, part, offset
    if best:
        weight, host, part, offset = best
        yield Finding(
            "", "", (Evidence(host[:120], part, offset),), weight=weight, values={"host": host[:60]}
        )


def _oddness(host: str, is_sender: bool) -> int:
    if is_hosting(host):
        return 2
    if "." not in host and ":" not in host:
        return 3 if is_sender else 0
    random = is_random(label(host)) or any(is_random(p) and len(p) >= 8 for p in host.split(".")[:-1])
    cheap = is_cheap(organisational(host))
    return 3 if random and cheap else 2 if random else 1 if cheap else 0
