"""IN-TEXT: the texts of an arriving mail without anything that acts, or as plain text, with links that cannot
be clicked.

Every text and HTML part is changed, also in enclosed mails; what is signed or encrypted is left alone, and a
mail that would act there is held. In a mail with a warning, banner and text are one edit, because both write
the same bytes.

    lost = loses(mail, shown)       whether the text as shown lacks something that the mail had

Diagnostics: RewriteError (a hold) for active parts in signed mail and for HTML beyond all limits.
"""

from collections.abc import Sequence

import msgspec

from config.policy import Policy, Warned
from config.words import LANGUAGES
from filters.finding import Finding
from filters.markup.dom import TooCostly
from filters.markup.page import read_html
from filters.reading.reading import Reading
from filters.rewrite import TEXTS, rewriter
from filters.rewriters.banner import (
    Banner,
    banner_of,
    html_banner,
    own_part,
    plain_banner,
    to_show,
    with_banner,
)
from filters.rewriters.cleaned import COSTLY, Cleaned
from filters.rewriters.defang import defanged, fangs, may_have_fangs
from filters.rewriters.disarm import replaced
from filters.rewriters.insertion import as_utf8, in_sealed, inserted, is_armored, preceded
from filters.rewriters.plain import readable
from filters.rewriters.written_page import LONGEST
from filters.rule import Mail
from mail.charset import decode, masked
from mail.compose import Edit, RewriteError, applied
from mail.message import Part

PROBE = Banner(next(iter(LANGUAGES)), ("",))
"""Any banner: to see whether HTML would show it first."""


class RewrittenText(msgspec.Struct, frozen=True):
    """A part as it is shown: a page, a plain text, or new bytes in the charset that it has."""

    page: Cleaned | None = None
    plain: str | None = None
    content: bytes = b""


@rewriter("text", reach=TEXTS, takes=lambda mail, policy: loses(mail, policy.shown(warned=True)))
def text(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
    """The texts of a mail that people are warned about, with the banner."""
    return _edits(mail, policy.shown(warned=True), banner_of(mail, policy, findings, recipients))


@rewriter("text_of_all", reach=TEXTS, takes=lambda mail, policy: loses(mail, policy.shown(warned=False)))
def text_of_all(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """The texts of any arriving mail, if the policy shows no HTML or no links at all."""
    return _edits(mail, policy.shown(warned=False), None)


def loses(mail: Mail, shown: Warned) -> bool:
    """True when a reader misses something in the text as shown: HTML, or what was cleaned away. A link is not
    missed if its address is there."""
    top = mail.once(to_show, mail.message)
    for part in _parts(mail, shown):
        new = mail.once(_changed, mail.reading, part, shown.html, shown.links, part in top)
        if new is not None and part.content_type == "text/html" and (new.page is None or new.page.page.lost):
            return True
    return False


def _edits(mail: Mail, shown: Warned, said: Banner | None) -> list[Edit]:
    message = mail.message
    edits: list[Edit] = []
    top = mail.once(to_show, message) if said else []
    told = said is None
    for part in _parts(mail, shown):
        first = part in top
        new = mail.once(_changed, mail.reading, part, shown.html, shown.links, first)
        banner = said if first else None
        made = _shown(part, new, banner)
        told = told or (banner is not None and bool(made))
        edits += made
    whole = any(each.path == "" for each in replaced(mail, shown.attachments))
    if said is not None and not told and not whole:
        edits += preceded(message, own_part(said))
    return edits


def _shown(part: Part, new: RewrittenText | None, said: Banner | None) -> list[Edit]:
    if new is None:
        return with_banner(part, said) if said else []
    if new.page is not None:
        return as_utf8(part, "text/html", new.page.document(html_banner(said) if said else ""))
    plain = plain_banner(said) if said else ""
    if new.plain is None:
        if edits := inserted(part, plain, "", new.content):
            return edits
        return as_utf8(part, "text/plain", plain + decode(new.content, part.charset))
    return as_utf8(part, "text/plain", plain + new.plain.replace("\r\n", "\n").replace("\n", "\r\n"))


def _parts(mail: Mail, shown: Warned) -> list[Part]:
    """The text parts that may be changed. Raises RewriteError."""
    paths = {each.path for each in replaced(mail, shown.attachments)}
    gone = [part.span for part in mail.message.parts if part.path in paths]
    found = []
    for part in mail.message.parts:
        if part.children or part.content_type not in ("text/plain", "text/html") or part.is_attachment:
            continue
        if any(start <= part.span[0] and part.span[1] <= end for start, end in gone):
            continue
        if in_sealed(part):
            if shown.html != "keep" and part.content_type == "text/html":
                _refuse_active(part)
        elif not is_armored(part):
            found.append(part)
    return found


def _refuse_active(part: Part) -> None:
    try:
        page = read_html(part.text())
    except TooCostly as error:
        raise RewriteError("HTML in a signed mail that costs too much to be read") from error
    if page.scripts or page.forms or page.refresh:
        raise RewriteError("something that acts in a signed mail")


def _changed(reading: Reading, part: Part, html: str, links: str, first: bool) -> RewrittenText | None:
    """The part as it is shown, None if it stays as it is. HTML that policy keeps is rewritten all the same
    where it is shown `first` and a warning in it would not be."""
    if part.content_type == "text/html":
        if html == "text":
            return RewrittenText(plain=readable(part.text(), links))
        if html == "clean" or links == "defang" or (first and _hides(part)):
            return RewrittenText(page=_cleaned(reading, part, links))
        return None
    if links == "keep":
        return None
    content = part.content()
    if b"\0" in content[:200] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        before = part.text()
        after = defanged(before)
        return RewrittenText(plain=after) if after != before else None
    if not may_have_fangs(content):
        return None
    edits = [Edit(start, end, new.encode()) for start, end, new in fangs(masked(content).decode("latin-1"))]
    return RewrittenText(content=applied(content, edits)) if edits else None


def _cleaned(reading: Reading, part: Part, links: str) -> Cleaned:
    try:
        text = part.text()
        return Cleaned(text if len(text) > LONGEST else reading.document(part, text), links)
    except TooCostly as error:
        raise RewriteError(COSTLY) from error


def _hides(part: Part) -> bool:
    """True for HTML that can be read but would not show a warning first."""
    return not with_banner(part, PROBE) and "\ufffd" not in part.text()
