"""IN-LINK: the reader is asked to scan a picture in the mail with a phone."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import is_cited, is_service
from filters.lures.hosts import same_organisation
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByFilesAndLinks, FileAndLinkView

_CODE = r"(?:qr|二次元|2次元)\s?(?:コード|code)"
_ASKS = re.compile(
    rf"{_CODE}[^。\n]{{0,20}}(?:読み取|読取|読み込|読込|スキャン|かざし|撮影)|"
    rf"(?:読み取|読取|スキャン)[^。\n]{{0,12}}{_CODE}|"
    rf"(?:カメラ|スマホ|スマートフォン|携帯)[^。\n]{{0,24}}{_CODE}|"
    r"\bscan(?:ning)?\b[^.\n]{0,40}\b(?:qr|code|barcode)\b|\bqr[ -]?code\b[^.\n]{0,40}\b(?:scan|camera|phone|mobile|smartphone)|"
    r"\b(?:point|aim|use)\b[^.\n]{0,30}\b(?:camera|phone|mobile device)\b[^.\n]{0,40}\b(?:qr|code)\b"
)

_NEEDED = ("qr", "次元", "code")
"""Each alternative contains one of these; most mails have none."""


@rule(control="IN-LINK", direction="inbound", wakes=(Says(_NEEDED),))
def scan_request(mail: ByFilesAndLinks, organisation: Organisation) -> Iterator[Sight]:
    """Words that ask for a QR code to be scanned, in a mail with a picture or document that may contain one.

    Weight 1 from people we know (3 where it leads neither to them nor to us nor to a well-known organisation or service) and
    in newsletters; nothing when all codes could be read and lead to the author's domain.
    """
    incoming = mail.incoming
    text = incoming.folded[:20_000]
    if not any(word in text for word in _NEEDED) or not _shows_pictures(mail, incoming):
        return
    found = _ASKS.search(text)
    if not found:
        return
    links = incoming.code_links
    if links and all(same_organisation(link.host, incoming.domain) for link in links):
        return
    evidence = (Evidence(found[0][:120], incoming.texts[0].part if incoming.texts else ""),)
    away = any(
        not (
            same_organisation(link.host, incoming.domain)
            or organisation.ours(link.host)
            or is_cited(link.host)
            or is_service(link.host)
        )
        for link in links
    )
    weight = 1 if incoming.is_bulk else (3 if away else 1) if incoming.known() else 2
    yield Sight(evidence, weight=weight, values={"words": found[0][:40]})


def _shows_pictures(mail: ByFilesAndLinks, incoming: FileAndLinkView) -> bool:
    """True with a picture or document that could contain a code, remote pictures included."""
    return (
        any(page.images for page in incoming.pages)
        or any(file.kind in ("image", "pdf", "docx", "pptx", "html") for file in incoming.files)
        or any(part.content_type.startswith("image/") for part in mail.reading.parts)
    )
