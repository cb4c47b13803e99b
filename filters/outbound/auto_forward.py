"""OUT-PRIVATE: mail that a mailbox rule forwards by itself does not leave unseen."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Field
from filters.views import ByFields

FIELDS = (
    "x-ms-exchange-inbox-rules-loop",
    "x-ms-exchange-forwardingloop",
    "x-ms-exchange-autoforward",
    "x-ms-exchange-generated-message-source",
    "x-autoforward",
    "x-auto-forward",
    "x-forwarded-to",
    "x-forwarded-for",
    "x-forwarded-message-by-rule",
)
"""Header fields that servers, not people, write when they forward."""


@rule(
    control="OUT-PRIVATE", direction="outbound", wakes=(Field((*FIELDS, "auto-submitted"), setting="also"),)
)
def auto_forward(mail: ByFields, organisation: Organisation, *, also: tuple[str, ...]) -> Iterator[Sight]:
    """A header field of automatic forwarding, `Auto-Submitted: auto-forwarded`, or a mail resent by no person.

    `also`: further fields. Automatic replies (RFC 3834) and notices do not count as forwarding.
    """
    wanted = {*FIELDS, *(name.lower() for name in also)}
    for header in mail.message.headers:
        forwarded = header.name == "auto-submitted" and header.text.strip().lower().startswith(
            "auto-forwarded"
        )
        if header.name in wanted or forwarded:
            yield _sight(header.name, header.text)
            return
    automatic = mail.message.first("auto-submitted")
    resent = mail.message.first("resent-from") or mail.message.first("resent-to")
    if resent and automatic and automatic.text.strip().lower() not in ("", "no"):
        yield _sight(resent.name, resent.text)


def _sight(name: str, text: str) -> Sight:
    return Sight((Evidence(" ".join(text.split())[:120], f"header:{name}"),), values={"field": name})
