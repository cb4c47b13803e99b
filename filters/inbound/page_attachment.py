"""IN-MACRO: an attached web page: it opens in the browser and asks for a password where no filter sees it."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import DOCUMENTS, PAGES, extension, marked
from filters.reading.incoming import IncomingFile
from filters.reading.reading import Attachment
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_ACTIVE = frozenset({"page_script", "page_form", "page_redirect", "page_builds", "page_hides", "script"})
_LEADS = re.compile(rb"<a\b[^<>]{0,500}href\s{0,9}=\s{0,9}[\"']?\s{0,9}(?:https?:)?//", re.IGNORECASE)
LONGEST = 1_000_000
_PICTURES = frozenset({"svg", "svgz"})


@rule(control="IN-MACRO", direction="inbound", wakes=(Given.FILE,))
def page_attachment(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """An HTML, MHTML or SVG attachment, also inside archives; with a script, form or redirection it weighs 5.

    An SVG with a link is a page; one that does nothing weighs 1, and nothing at all as an inline picture; tables that programs save as
    HTML under the name of a workbook do not count unless they act.
    """
    files = iter(mail.incoming.files)
    for attachment in mail.reading.attachments:
        own = [next(files) for _ in range(1 + len(attachment.extracted.members))]
        for number, file in enumerate(own):
            if not _is_page(file, attachment, number):
                continue
            place = "" if not number else attachment.extracted.members[number - 1].path
            active = [s for s in attachment.extracted.signs if s.place == place and s.name in _ACTIVE]
            weight = 5 if active else _quiet(file, attachment, number)
            if weight:
                evidence = [Evidence(marked(file.name)[:120], file.place)]
                evidence += [Evidence(sign.quote[:120], file.place) for sign in active[:2]]
                yield Sight(tuple(evidence), weight=weight, values={"name": marked(file.name)[:60]})
                return


def _is_page(file: IncomingFile, attachment: Attachment, number: int) -> bool:
    if number and attachment.extracted.kind in ("msg", "eml"):
        return any(extension(name) in PAGES for name in file.names)
    return file.kind in ("html", "hta") or any(extension(name) in PAGES for name in file.names)


def _quiet(file: IncomingFile, attachment: Attachment, number: int) -> int:
    """The weight of a page that does nothing by itself."""
    endings = {extension(name) for name in file.names}
    if endings & _PICTURES:
        if not number and _LEADS.search(attachment.content[:LONGEST]):
            return 3  # a page by another name
        return 0 if attachment.inline_image and not number else 1
    return 0 if endings & (DOCUMENTS - PAGES) else 3
