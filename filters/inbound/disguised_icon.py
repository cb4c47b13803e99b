"""IN-ICON: a program with the icon of a document or folder."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="IN-ICON", direction="inbound", wakes=(Given.FILE,))
def disguised_icon(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """A Windows program whose icon looks like that of a PDF, office document, text, picture or folder."""
    for attachment in mail.reading.attachments:
        for sign in attachment.extracted.signs:
            if sign.name.startswith("icon:"):
                kind = sign.name.removeprefix("icon:")
                name = marked(sign.place.rpartition("/")[2] or attachment.name)
                place = f"{attachment.path}/{marked(attachment.name)}"[:160]
                values = {"name": name[:60], "kind": kind}
                where = f"{place}/{sign.place}" if sign.place else place
                yield Sight((Evidence(sign.quote, where),), values=values)
                return
