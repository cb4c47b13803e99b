"""IN-LINK: the link is not in the mail but in an attached document, invitation or mail."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from config.policy import Organisation
from filters.extract import Extracted
from filters.finding import Evidence, Sight
from filters.lures.belonging import is_disposable, is_service
from filters.lures.hosts import same_organisation
from filters.lures.links import host_of, plain_links
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_CARDS = ("BEGIN:VCALENDAR", "BEGIN:VCARD")
_STARTS = re.compile(
    r"(?i)(?:ms-(?!word|excel|powerpoint|outlook|teams)[a-z-]{2,30}|search-ms|search|file|smb|ldaps?|vscode):"
)
"""Opens a program of the reader's computer instead of the browser."""
LITTLE = 600
"""Characters of a document that says little more than its link."""


@rule(control="IN-LINK", direction="inbound", wakes=(Given.FILE,))
def document_link(mail: ByFiles, organisation: Organisation, *, meetings: tuple[str, ...]) -> Iterator[Sight]:
    """From an unknown sender: a document with a link and hardly any text, or an invitation, card or mail with a link.

    2, or 4 where the page is one that anybody can have within minutes, carries the reader's address, or opens a
    program. Links to the author's own domain, to us, and to `meetings` (hosts of online meetings) do not count.
    """
    incoming = mail.incoming
    if incoming.known() or incoming.is_bulk or mail.message.root.content_type == "multipart/report":
        return
    for attachment in mail.reading.attachments:
        for target, host in _links(attachment.extracted):
            usual = any(host == m or host.endswith("." + m) for m in meetings)
            addressed = any(a in unquote(target).lower() for a in incoming.recipients if len(a) >= 6)
            own = same_organisation(host, incoming.domain) and not addressed
            if usual or organisation.ours(host) or own:
                continue
            name = marked(attachment.name)
            evidence = (Evidence(marked(target)[:160], f"{attachment.path}/{name}"[:160]),)
            made = addressed or (is_disposable(host) and not is_service(host))
            yield Sight(
                evidence,
                weight=4 if made or not target.lower().startswith("http") else 2,
                values={"name": name[:60], "host": host[:100]},
            )
            return


def _links(extracted: Extracted) -> list[tuple[str, str]]:
    """(target, host) of the links that count."""
    texts = [text for _, text in extracted.texts]
    if extracted.kind in ("pdf", "docx", "pptx", "docm"):
        if sum(len("".join(text.split())) for text in texts) > LITTLE:
            return []
        targets = [sign.quote for sign in extracted.signs if sign.name == "link"]
        started = [(t, t.partition(":")[0]) for t in targets[:10] if _STARTS.match(t)]
        return started + [(t, host) for t in targets[:10] if (host := host_of(t)) and "." in host]
    if extracted.kind == "eml" or (texts and texts[0].lstrip("\ufeff \r\n").upper().startswith(_CARDS)):
        return [(link.target, link.host) for text in texts[:5] for link in plain_links(text[:20_000])][:10]
    return []
