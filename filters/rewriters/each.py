"""OUT-BCC: one copy each: whoever gets one sees nobody else's address in its header.

Diagnostics: as filters/rewriters/bcc.py.
"""

from collections.abc import Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import rewriter
from filters.rewriters.bcc import ADDRESSEES, REACH, author_of, hidden_but
from filters.rule import Mail
from mail.address import header_addresses
from mail.charset import encode_mailbox
from mail.compose import Edit, RewriteError
from mail.message import Message


@rewriter("each", reach=REACH)
def each(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
    """To names the copy's only recipient, as the author wrote the name; nobody else is named (OUT-BCC)."""
    if len(recipients) != 1:
        raise RewriteError("a copy of their own is for one recipient")
    address = mail.facts.envelope.recipients[recipients[0]]
    name = mail.once(_names, mail.message).get(address.casefold(), "")
    return hidden_but(mail, policy, author_of(mail), encode_mailbox(name, address, len("To")))


def _names(message: Message) -> dict[str, str]:
    """What the header calls the recipients; without names that could be another's address."""
    return {
        mailbox.address.casefold(): mailbox.name
        for header in message.headers
        if header.name in ADDRESSEES
        for mailbox in header_addresses(header.value)
        if mailbox.name and not {"@", "="} & set(mailbox.name)
    }
