"""Finding the domain that was meant among all that are known, without looking at each of them.

One mistake (a letter left out, added, exchanged, or two swapped) leaves the beginning or the end of a name as it is, so
domains are kept by both: `ends` of a domain are the rows it is kept under, and those to look under.
"""

from collections.abc import Iterable

from config.policy import Organisation
from filters.lures.hosts import is_customers, organisational
from filters.lures.mistyped import looks, mistyped

MOST = 6


def ends(domain: str, slack: int = 0) -> tuple[str, ...]:
    """Beginning and end of a domain's name, as it looks: the rows it is kept under. With `slack` of one letter, those to
    look under. () for names too short to be mistaken for another, and where mailboxes belong to anybody."""
    look = looks(domain)
    if not look:
        return ()
    sizes = {3 if length > 6 else 2 for length in range(len(look) - slack, len(look) + slack + 1)}
    return tuple(end for size in sorted(sizes) for end in (f"{look[:size]}-", f"-{look[-size:]}"))


def candidates(domain: str, known: Iterable[str], organisation: Organisation) -> list[str]:
    """The domains that an unknown one may have been meant for: of ours, partners' and known ones, in that order."""
    if organisation.group(f"@{domain}") or is_customers(domain):
        return []
    own = (*organisation.domains, *organisation.group_domains, *organisation.partners)
    if organisational(domain) in map(organisational, own):
        return []
    found = [other for other in dict.fromkeys((*own, *known)) if other != domain and mistyped(domain, other)]
    return found[:MOST]
