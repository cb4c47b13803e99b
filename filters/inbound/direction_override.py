"""IN-RLO: characters that reverse the direction of a text, so that a name reads differently from what it is."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import DANGEROUS, TURNS, extension, invisible, marked, overrides, turns
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByFiles


@rule(control="IN-RLO", direction="inbound", wakes=(Given.FILE, Says((TURNS,))))
def direction_override(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """Bidirectional overrides in file names, subject or sender's name; invisible characters in file names;
    also in archives.

    One invisible character counts before an executable extension, two in any name; those that a script needs
    do not.
    """
    incoming = mail.incoming
    for file in incoming.files:
        for name in file.names:
            unseen = invisible(name)
            if overrides(name) or unseen >= 2 or (unseen and extension(name) in DANGEROUS):
                evidence = (Evidence(marked(name)[:120], file.place),)
                yield Sight(evidence, weight=5, values={"where": "file"})
                return
    places = (
        ("header:from", " ".join(b.name for b in incoming.authors), "sender"),
        ("header:subject", incoming.subject, "subject"),
    )
    for place, text, where in places:
        if turns(text):
            evidence = (Evidence(marked(text)[:120], place, 0),)
            yield Sight(evidence, weight=4, values={"where": where})
            return
