"""IN-MACRO: a page that builds a file in the browser, past all filters, or hides what its script does."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments

_WEIGHTS = {"page_builds": 6, "page_hides": 4}


@rule(control="IN-MACRO", direction="inbound", wakes=(Given.FILE,))
def smuggled_file(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """HTML or SVG whose script builds a file from data it carries (weight 6), or runs an encoded program (4);
    also in archives."""
    for attachment in mail.reading.attachments:
        for sign in sorted(attachment.extracted.signs, key=lambda s: -_WEIGHTS.get(s.name, 0)):
            if weight := _WEIGHTS.get(sign.name):
                name = marked(sign.place.rpartition("/")[2] or attachment.name)
                place = f"{attachment.path}/{marked(attachment.name)}/{sign.place}".rstrip("/")[:300]
                evidence = (Evidence(sign.quote[:160], place),)
                yield Sight(evidence, weight=weight, values={"name": name[:60]})
                return
