"""IN-LINK: a page with pictures and links but hardly a word, so that there is nothing to examine."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import cites_services, is_discussion, leads_home
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks


@rule(control="IN-LINK", direction="inbound", wakes=(Given.PAGE,))
def thin_page(mail: ByLinks, organisation: Organisation, *, characters: int) -> Iterator[Sight]:
    """HTML with a link and less than `characters` characters of visible text (Japanese ones count twice); weight 1 when it has no picture.
    Links to well-known sites do not count."""
    incoming = mail.incoming
    if not incoming.pages or is_discussion(incoming) or leads_home(mail) or cites_services(incoming):
        return
    texts = ["".join(page.text.split()) for page in incoming.pages]
    if sum(map(len, texts)) >= characters:
        return
    # A Japanese character says what two or three Latin letters say.
    shown = sum(len(text) + sum(char >= "\u3041" for char in text) for text in texts)
    links = sum(1 for page in incoming.pages for link in page.links if link.host)
    if shown < characters and links:
        weight = 2 if any(page.images for page in incoming.pages) else 1
        yield Sight(
            (Evidence(" ".join(incoming.pages[0].text[:200].split())[:100], incoming.texts[0].part, 0),),
            weight=weight,
        )
