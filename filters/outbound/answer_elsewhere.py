"""OUT-MISSEND: an answer that goes where Reply-To wanted it, one letter away from who wrote."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.hosts import near, organisational
from filters.lures.mistyped import mistyped
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def answer_elsewhere(mail: ByRecipients, organisation: Organisation) -> Iterator[Sight]:
    """The mail that is answered named a Reply-To that looks like its author's address and is another's."""
    thread = mail.leaving.memory.thread
    if thread is None or not thread.reply_to or not thread.author:
        return
    for recipient in mail.leaving.outside(organisation):
        if recipient.address == thread.reply_to and _resembles(thread.reply_to, thread.author):
            yield Sight(
                (Evidence(recipient.address[:120], "header:to"),),
                {"address": recipient.address[:120], "meant": thread.author[:120]},
                recipients=(recipient.index,),
                about=(recipient.address,),
                meant=thread.author,
            )


def _resembles(one: str, other: str) -> bool:
    """True when one letter, or the ending of the domain, tells two addresses apart."""
    local, _, domain = one.rpartition("@")
    at_other, _, other_domain = other.rpartition("@")
    if organisational(domain) == organisational(other_domain):
        return local != at_other and len(local) > 4 and near(local, at_other)
    return mistyped(domain, other_domain) or near(domain, other_domain)
