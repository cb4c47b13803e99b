"""IN-LINK: a genuine sign-in page that hands the reader's mailbox to somebody: consent, or a code for another device."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import is_hosting, owner, same_organisation
from filters.lures.links import host_of
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

_ASKS = re.compile(r"(?i)/(?:o/)?(?:oauth2?|connect|adminconsent|openid)(?:/[^?#]{0,60})?\?|/adminconsent")
"""The endpoint where an application asks for consent (RFC 6749 §3.1), as the large providers name it."""
_CLIENT = re.compile(r"(?i)[?&]client_id=[^&#]")
_BACK = re.compile(r"(?i)[?&]redirect_uri=([^&#\s]{8,800})")
_SCOPE = re.compile(r"(?i)[?&]scope=([^&#]{1,1000})")
_MAILBOX = re.compile(
    r"(?i)(?:mail\.|mailbox|offline_access|contacts|files\.|auth/gmail|mail\.google|auth/drive|full_access|ews\.)"
)
_DEVICE = re.compile(
    r"(?i)//(?:[\w-]{1,40}\.)*(?:microsoft\.com/devicelogin|google\.com/device|aka\.ms/devicelogin)|/oauth2/deviceauth"
)
_MAY_ASK = re.compile(f"{_ASKS.pattern}|{_DEVICE.pattern}".replace("(?i)", ""), re.IGNORECASE)


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def consent_link(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A link that asks for consent to an application which reads mail or files, or answers at a host that is neither the
    author's, nor ours, nor a well-known one; or one to the page where a code lets another device in. Weight 2 where the
    application belongs to the author."""
    incoming = mail.incoming
    links = incoming.links[:60]
    if not any(map(_MAY_ASK.search, [link.target[:300] for link in links])):
        return
    for link in links:
        weight, host = _consent(link.target, incoming.domain, organisation)
        if weight:
            evidence = (Evidence(link.target[:160], link.part, link.offset),)
            yield Sight(evidence, weight=weight, values={"host": host[:60]})
            return


def _consent(target: str, author: str, organisation: Organisation) -> tuple[int, str]:
    """Weight, and the host that is named to the reader."""
    if _DEVICE.search(target[:300]):
        return 5, host_of(target)
    if not (_ASKS.search(target[:300]) and _CLIENT.search(target)):
        return 0, ""
    back = host_of(unquote(found[1])) if (found := _BACK.search(target)) else ""
    if back and (organisation.ours(back) or (owner(back) is not None and not is_hosting(back))):
        return 0, ""
    scope = _SCOPE.search(target)
    reads = scope is not None and _MAILBOX.search(scope[1]) is not None
    if not back and not reads:
        return 0, ""
    own = bool(back) and same_organisation(back, author)
    return (5 if reads or not own else 2), back or host_of(target)
