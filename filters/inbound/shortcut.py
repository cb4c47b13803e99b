"""IN-SHORTCUT: a shortcut among the attachments: a name and an icon that lead somewhere else."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import LINKS, extension, marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles


@rule(control="IN-SHORTCUT", direction="inbound", wakes=(Given.FILE,))
def shortcut(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """lnk, url, scf, library-ms, search-ms and the like, by name or by content, also inside archives.

    Target and arguments are evidence where they can be read.
    """
    found = [
        (f.name, f.place)
        for f in mail.incoming.files
        if f.kind == "lnk" or any(extension(n) in LINKS for n in f.names)
    ]
    targets = []
    for attachment in mail.reading.attachments:
        place = f"{attachment.path}/{attachment.name}"[:160]
        for sign in attachment.extracted.signs:
            if sign.name == "shortcut":
                where = f"{place}/{sign.place}" if sign.place else place
                targets.append(Evidence(marked(sign.quote)[:160], where))
                found.append((sign.place.rpartition("/")[2] or attachment.name, where))
    if found:
        named = tuple(Evidence(marked(name)[:120], place) for name, place in found[:2])
        evidence = tuple(dict.fromkeys((*named, *(t for t in targets[:2] if t.quote))))
        yield Sight(evidence, values={"name": marked(found[0][0])[:60]})
