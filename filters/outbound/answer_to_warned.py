"""OUT-MISSEND: an answer to a mail that people were warned of."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def answer_to_warned(mail: ByRecipients, organisation: Organisation) -> Iterator[Sight]:
    """The mail that is answered carried a warning, and the answer goes to its author or its Reply-To."""
    thread = mail.leaving.memory.thread
    if thread is None or not thread.warned:
        return
    for recipient in mail.leaving.outside(organisation):
        if recipient.address in (thread.author, thread.reply_to):
            yield Sight(
                (Evidence(recipient.address[:120], "header:to"),),
                {"address": recipient.address[:120]},
                recipients=(recipient.index,),
                about=(recipient.address,),
            )
