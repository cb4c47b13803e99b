"""What an attempt learned, in the words of the store and of the journal."""

from collections.abc import Sequence

from gateway.deliver.courier import AttemptOutcome, status_of
from gateway.deliver.next_hop import NextHop
from mail.reply import Reply
from quarantine import item as custody
from quarantine.events import JournalEvent
from quarantine.item import Entry, Item, Status
from quarantine.rights import DISPATCHER


def learned_status(outcome: AttemptOutcome, over: bool) -> Status:
    """DEFERRED becomes FAILED when the lifetime is over."""
    return Status.FAILED if over and outcome.status is Status.DEFERRED else outcome.status


def learned(outcome: AttemptOutcome, hop: NextHop | None, over: bool) -> custody.Outcome:
    reply, status = outcome.reply, learned_status(outcome, over)
    note = f" ({reply.reason})" if reply.cause and reply.reason else ""
    note += " (the next hop may have taken it)" if outcome.unknown else ""
    return custody.Outcome(outcome.index, status, f"{reply}{note}", outcome.cause, hop.name if hop else "")


def doubt(item: Item, outcomes: Sequence[AttemptOutcome], now: float) -> Entry:
    unknown = [item.recipients[o.index].path.address for o in outcomes if o.unknown]
    told = {"token": item.token, "recipients": unknown}
    return Entry(now, JournalEvent.MAYBE_DELIVERED, DISPATCHER.name, item.id, item.mail_id, item.tenant, told)


def local(index: int, reply: Reply) -> AttemptOutcome:
    return AttemptOutcome(index, status_of(reply), reply, connected=False)
