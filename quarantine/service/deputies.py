"""Letting somebody act for another, and ending it: rights are asked, and the journal is written, in the transaction of the
change (OUT-APPROVE). Whoever is concerned is told by letter (gateway/rounds/delegation_rounds.py).

Diagnostics: NotAllowed; ValueError with the key of a console's sentence; StoreError.
"""

from collections.abc import Callable, Sequence

from directory.delegations import Action, Delegation, Delegations
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.rights import Actor, Verb
from quarantine.store import Store
from storage.interfaces import Transaction


class Deputies:
    """Changes delegations for people and for the command line. `actor` is who changes."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self.table = Delegations(store.database, clock, lambda: store.today())

    async def delegate(
        self,
        actor: Actor,
        place: str,
        delegate: str,
        actions: Sequence[Action],
        *,
        starts_at: float,
        ends_at: float,
        reason: str,
    ) -> Delegation:
        """Let somebody act for the actor, or (DELEGATIONS) for another or in a shared mailbox; nobody takes another's place
        by their own hand. Raises ValueError."""

        def note(transaction: Transaction, made: Delegation) -> None:
            if made.person != actor.name:
                self._store.in_charge(transaction, actor, Verb.DELEGATIONS, made.tenant)
                if made.delegate == actor.name:
                    raise ValueError("delegation_own_hand")
            self._note(transaction, JournalEvent.DELEGATED, actor, made, made.reason)

        return await self.table.add(
            actor.tenant, place=place, delegate=delegate, actions=actions, starts_at=starts_at, ends_at=ends_at,
            reason=reason, by=actor.name, also=note,
        )  # fmt: skip

    async def end(self, actor: Actor, id: str, reason: str = "") -> Delegation | None:
        """End one before its time: whose place it is, who acts by it, or (DELEGATIONS) somebody in charge; None when there
        is none."""

        def note(transaction: Transaction, gone: Delegation) -> None:
            if actor.name not in (gone.person, gone.delegate):
                self._store.in_charge(transaction, actor, Verb.DELEGATIONS, gone.tenant)
            self._note(transaction, JournalEvent.DELEGATION_ENDED, actor, gone, reason)

        return await self.table.end(actor.tenant, id, actor.name, also=note)

    def _note(
        self, transaction: Transaction, event: JournalEvent, actor: Actor, row: Delegation, reason: str
    ) -> None:
        detail: dict[str, object] = {
            "place": row.place,
            "delegate": row.delegate,
            "actions": [each.value for each in row.actions],
            "since": row.starts_at,
            "until": row.ends_at,
        }
        detail |= {"reason": reason} if reason else {}
        entry = Entry(self._clock(), event, actor.name, tenant=row.tenant, detail=detail)
        self._store.note(transaction, [entry])
