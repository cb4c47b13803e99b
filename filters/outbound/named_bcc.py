"""OUT-BCC: the mail tells its other recipients who stands in Bcc, in a place that its author does not see."""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from config.policy import Organisation
from filters.detect.address_blocks import addresses_in
from filters.finding import Evidence, Sight
from filters.markup.own_page import OwnPage
from filters.outbound.many_external import outsiders, shown
from filters.reading.own_words import own_words
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByContent
from mail.address import domain_of, on_the_wire

_TAKEN_OUT = frozenset({"bcc", "resent-bcc"})
"""Fields that no recipient gets."""
_KNOWN = frozenset({"to", "cc", "resent-to", "resent-cc", "from", "sender", "reply-to", "subject"})
"""Fields that the author sees."""


@rule(control="OUT-BCC", direction="outbound", wakes=(Always("it looks at the envelope"),))
def named_bcc(
    mail: ByContent, organisation: Organisation, *, listed: int, addresses: int, domains: int
) -> Iterator[Sight]:
    """The address of an external recipient whom To and Cc do not show stands in the source of the HTML (a comment, a mailto:
    link, a text that a style hides) and not in its text, in a file's name or in another header field; or the text lists
    `listed` of them, or more.

    Where To and Cc show more than `addresses` outsiders, or at least `domains` domains, these are to be hidden from each
    other, too. What the author wrote into the text is theirs: one or two addresses are no list. What is quoted stood in a
    mail that had its own recipients, and is none (quoted_addresses looks at that). Our own people in Bcc do not count: the
    shared mailbox that gets a copy stands in many a signature.
    """
    recipients = mail.facts.envelope.recipients
    if len(recipients) < 2:
        return
    visible = shown(mail)
    seen = outsiders(visible, organisation, (), ())
    if len(seen) > addresses or len({domain_of(a) for a in seen}) >= domains:
        visible = set()
    outside = [a for a in recipients if not organisation.group(a)]
    hidden = {a if a.isascii() else on_the_wire(a) for a in map(str.casefold, outside)} - visible
    if not hidden:
        return
    typed: set[str] = set()
    pages = list(_pages(mail))
    drawn = {place for place, _ in pages}
    for text in mail.reading.texts("body"):
        if text.place not in drawn:
            typed |= hidden.intersection(addresses_in(own_words(text.raw)))
    for _, page in pages:
        typed |= hidden.intersection(addresses_in(page.seen))
    for what, place, told in _told(mail, pages):
        if what == "name":  # the suffix of a file reads as one more label
            lower = told.casefold()
            named = {address for address in hidden if address in lower}
        else:
            named = hidden.intersection(addresses_in(told)) - typed
        if named:
            yield _sight(what, place, named)
            return
    if len(typed) >= listed:
        yield _sight("list", "body", typed)


def _pages(mail: ByContent) -> Iterator[tuple[str, OwnPage]]:
    """The pages of the mail in which an address may stand, with their places."""
    for part in mail.reading.parts:
        if part.content_type == "text/html" and not part.is_attachment:
            source = part.text()
            if "@" in source or "%40" in source or "&#" in source:
                yield part.path or "1", OwnPage(mail.reading.document(part, source))


def _told(mail: ByContent, pages: Sequence[tuple[str, OwnPage]]) -> Iterator[tuple[str, str, str]]:
    """(what it is, its place, the text) of all that others get besides the text."""
    for place, page in pages:
        yield "html", place, unquote("\n".join(page.unseen))
    for text in mail.reading.texts("name"):
        yield "name", text.place, text.raw
    for header in mail.message.headers:
        if header.name not in _TAKEN_OUT | _KNOWN and b"@" in header.value:
            yield "field", f"header:{header.name}"[:100], header.text


def _sight(what: str, place: str, named: set[str]) -> Sight:
    some = sorted(named)
    values = {"what": what, "count": str(len(named)), "address": some[0][:120]}
    return Sight((Evidence(", ".join(some[:5])[:200], place),), values=values)
