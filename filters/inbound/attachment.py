"""IN-ATTACH: a file from an unknown sender."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_HARMLESS = (
    "text/calendar",
    "text/x-vcard",
    "text/vcard",
    "application/pgp-signature",
    "application/pkcs7-signature",
)


@rule(control="IN-ATTACH", direction="inbound", wakes=(Given.FILE,))
def attachment(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """Any attachment from somebody with whom nobody here has exchanged mail; inline pictures do not count."""
    incoming = mail.incoming
    if mail.facts.learning or incoming.known():
        return
    for file in mail.reading.attachments:
        kind = file.part.content_type
        if (
            not file.inline_image
            and kind not in _HARMLESS
            and not kind.endswith(("-signature", "delivery-status"))
        ):
            place = f"{file.path}/{marked(file.name)}"[:160]
            yield Sight(
                (Evidence(marked(file.name)[:120], place),),
                values={"name": marked(file.name)[:60] or kind},
            )
            return
