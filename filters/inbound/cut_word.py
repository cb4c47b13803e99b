"""IN-LANGUAGE: words with letters in their middle that nobody sees, put there so that no filter finds the words."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import Mail, rule

FEW = 2
"""A designer may make one letter of a name white; whoever hides from filters does it again and again."""


@rule(control="IN-LANGUAGE", direction="inbound")
def cut_word(mail: Mail, organisation: Organisation) -> Iterator[Sight]:
    """HTML in which letters stand inside words without being seen: not displayed, without size, or white on the page's ground."""
    for number, page in enumerate(mail.incoming.pages):
        if len(page.cuts) >= FEW:
            part = page.links[0].part if page.links else str(number + 1)
            evidence = tuple(Evidence(marked(piece), part, -1) for piece in page.cuts[:3])
            yield Sight(evidence, values={"piece": marked(page.cuts[0])[:40]})
            return
