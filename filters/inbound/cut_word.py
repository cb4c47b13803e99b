"""IN-LANGUAGE: words with invisible letters in their middle, so that no filter finds the words."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

FEW = 2
"""A designer may make one letter of a name white; whoever evades filters does it again and again."""


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Given.PAGE,))
def cut_word(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """HTML with letters inside words that nobody sees: not displayed, without size, or white on a white page."""
    for number, page in enumerate(mail.incoming.pages):
        if len(page.cuts) >= FEW:
            part = page.links[0].part if page.links else str(number + 1)
            evidence = tuple(Evidence(marked(piece), part, -1) for piece in page.cuts[:3])
            yield Sight(evidence, values={"piece": marked(page.cuts[0])[:40]})
            return
