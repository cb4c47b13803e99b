"""IN-LINK: a link that leads elsewhere than it says, or hides where it leads."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import owner, same_organisation
from filters.lures.links import Link, host_shown
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks, LinkView

_ACTIVE = re.compile(r"(?i)\s*(?:javascript|vbscript|data)\s*:")
_OPENS = re.compile(
    r"(?i)\s*(?:search-ms|search|ms-(?!help)[a-z-]{2,30}|file|smb|ldaps?|dav|webdav|vscode|obsidian|shell|mhtml|its|ms-its|knock|tg|rdp)\s*:|\s*\\\\\\\\"
)
"""Hands the link to a program of the reader's computer instead of the browser."""
_MEETS = re.compile(r"(?i)\s*(?:ms-(?:word|excel|powerpoint|outlook|teams)|msteams)\s*:")
_PLAIN = ("http://", "https://")
_CREDENTIALS = re.compile(r"(?i)^\s*https?:/*[^/?#]*@")


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def false_link(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """The text of a link names a host other than its target; a user name before the host; active links."""
    incoming = mail.incoming
    false: dict[tuple[str, str], Link] = {}
    for link in incoming.links:
        if shown := _shown(link):
            false.setdefault((link.host, shown), link)
    if false:
        pairs = [(link, shown) for (_, shown), link in false.items()]
        evidence = tuple(
            Evidence(f"{shown} → {link.host or link.target[:40]}"[:160], link.part, link.offset)
            for link, shown in pairs[:3]
        )
        link, shown = pairs[0]
        values = {"shown": shown[:60], "host": (link.host or link.target[:30])[:60]}
        yield Sight(evidence, weight=_weight(incoming, pairs), values=values)


def _shown(link: Link) -> str:
    """Where a link pretends to lead, "" for an honest one."""
    shown = host_shown(link.shown) if link.shown else ""
    if shown and link.host and not same_organisation(shown, link.host):
        return shown
    if link.target.startswith(_PLAIN) and "@" not in link.target:
        return ""
    if _CREDENTIALS.match(link.target):
        return re.split(r"[/@]+", link.target)[1][:60]
    if _OPENS.match(link.target) and not _MEETS.match(link.target):
        return link.target.partition(":")[0][:30]
    if _ACTIVE.match(link.target) and not link.target.lower().startswith("data:image"):
        return link.shown[:30] or "-"
    return ""


def _weight(incoming: LinkView, pairs: list[tuple[Link, str]]) -> int:
    """Newsletters count clicks: all their links lead to one host. Only a brand that is shown weighs more."""
    behind = {link.host for link, _ in pairs}
    counted = (
        len(behind) == 1 and len(incoming.links) >= 8 and len(incoming.hosts) <= len(incoming.links) // 2
    )
    if counted or incoming.is_bulk or all(same_organisation(host, incoming.domain) for host in behind):
        return 2 if any(owner(shown) for _, shown in pairs) and not incoming.is_bulk else 1
    return 3
