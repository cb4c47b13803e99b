"""IN-FREEMAIL: the sender's mailbox is where anybody can open one."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.hosts import below, is_freemail
from filters.lures.phrases import FAMILIES
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByText
from mail.charset import fold

_OFFICE = re.compile(
    r"\b(?:support|billing|service|services|admin|administrator|department|dept|office|help ?desk|security|accounts?|bank|"
    r"customer|notification|delivery|director|ceo|barrister|attorney|suporte|atendimento|banco|kundenservice|service client)\b|"
    r"代表取締役|社長|会長|経理|総務|人事|管理者|事務局|センター|サポート|カスタマー|銀行|弁護士|税理士|税務|担当"
)

_LURES = (
    "authority",
    "notice",
    "credentials",
    "profit",
    "coins",
    "legacy",
    "gambling",
    "dating",
    "callback",
    "errand",
    "demand",
)


@rule(
    control="IN-FREEMAIL", direction="inbound", wakes=(Always("the author's domain is looked up in a list"),)
)
def freemail_sender(
    mail: ByText, organisation: Organisation, *, also: tuple[str, ...], allowed: tuple[str, ...]
) -> Iterator[Sight]:
    """The author's domain is in the list of free-mail providers. `also` adds domains, `allowed` removes some.

    Weight 2 for what no private person writes to a stranger: about accounts, prizes or secret payments, or in
    the name of an office ("Support", "経理部").
    """
    incoming = mail.incoming
    domain = incoming.domain
    if domain and not below(domain, allowed) and (is_freemail(domain) or below(domain, also)):
        lures = any(FAMILIES[name].strong_in(incoming.plain) for name in _LURES)
        office = bool(_OFFICE.search(fold(incoming.name).lower()))
        weight = 2 if (lures or office) and not incoming.known() and not incoming.is_bulk else 1
        yield Sight((incoming.from_field(),), weight=weight, values={"domain": domain[:60]})
