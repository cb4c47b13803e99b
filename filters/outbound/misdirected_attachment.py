"""OUT-MISSEND: a file that is for another partner than those who get the mail."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.partner_names import Named, PartnerNames, partner_names
from filters.detect.text import Text
from filters.finding import Evidence, Sight
from filters.reading.reading import Attachment
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByContent
from mail.address import domain_of
from mail.charset import fold

HEAD = 400
"""Characters at the beginning of each text of a file in which a partner's name is that of the reader."""
TEXTS = 12
"""Texts of a file that are looked at."""
_ADDRESSED = re.compile(r"[^\n]{0,8}(?:様|御中|殿|さま|宛)")


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.FILE,))
def misdirected_attachment(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """A file names a partner in its name or at the head of its text, but nobody of that partner gets the mail.

    A file that names one of those who get it is theirs. Between us and the companies of our group files may name anybody.
    Whom the author speaks of in their own words is meant.
    """
    everybody = mail.facts.envelope.recipients
    outside = tuple(i for i, address in enumerate(everybody) if not organisation.group(address))
    if not outside or not organisation.partners:
        return
    recipients, names = [everybody[i] for i in outside], partner_names(organisation)
    theirs = {domain_of(address) for address in recipients}
    reading = mail.reading
    spoken = _spoken(mail, names)
    for attachment in reading.attachments:
        if attachment.inline_image:
            continue
        found = list(named(attachment, names))
        if not found or any(_is_of(each, theirs) for each, _ in found):
            continue
        others = [(n, text) for n, text in found if n.name not in spoken and not _is_ours(n, organisation)]
        if not others:
            continue
        first, text = others[0]
        quote = " ".join(text.flat[max(0, first.offset - 10) : first.offset + first.length + 10].split())
        values = {"name": attachment.name[:80], "partner": first.name[:80], "address": recipients[0][:200]}
        evidence = Evidence(quote[:80], text.place, text.origin(first.offset))
        yield Sight((evidence,), values=values, recipients=outside, about=(attachment.name,))


def named(attachment: Attachment, names: PartnerNames) -> Iterator[tuple[Named, Text]]:
    """The partners that a file names as its reader or in its name, and the text where."""
    seen = 0
    for text in attachment.texts:
        if text.role == "name":
            for each in names.found(text.flat):
                yield each, text
        elif text.role == "content" and "docProps/" not in text.place and seen < TEXTS:
            seen += 1
            head = text.flat[:HEAD]
            for each in names.found(head):
                if not each.short or _ADDRESSED.match(head, each.offset + each.length):
                    yield each, text


def _spoken(mail: ByContent, names: PartnerNames) -> set[str]:
    """The partners that the author names, other than by the name of a file."""
    said = "\n".join(text.raw for text in (mail.reading.subject, *mail.reading.own_words))
    for attachment in mail.reading.attachments:
        for each in attachment.part.filenames:
            said = said.replace(each, "").replace(each.rpartition(".")[0] or each, "")
    return {named.name for named in names.found(fold(said).lower())}


def _is_of(named: Named, domains: set[str]) -> bool:
    return any(d == own or d.endswith("." + own) for d in domains for own in named.domains)


def _is_ours(named: Named, organisation: Organisation) -> bool:
    return all(organisation.group(f"anybody@{domain}") for domain in named.domains)
