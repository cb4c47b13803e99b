"""Letters of ours that belong to a mail which enters our custody, and letters that stand alone: who gets which.

What they say is in quarantine/letters/.
"""

from collections import deque
from collections.abc import Callable, Sequence

from config.cases import Waits
from config.settings import Settings
from directory.account import Account
from directory.people import People
from filters.examined import LOCKED, UNDELIVERABLE, Examined
from filters.facts import Facts, Person
from quarantine.intake import Intake
from quarantine.item import Item, State
from quarantine.letters import held, on_hold
from quarantine.letters.letter import Letter, Post, Put
from quarantine.rights import Verb, charge
from quarantine.store import Store
from storage.interfaces import Transaction

PER_HOUR = 20
"""Letters about refused mails to one person: a program that tries over and over must not fill a mailbox."""
READERS = 100
"""People who hear at once of one mail with a locked file; the others find it in their digest."""


class Notices:
    """Writes to our own people. `console_url` is where they reach the console, `waits` the policy's [waits]."""

    def __init__(
        self,
        store: Store,
        people: People,
        post: Post,
        settings: Settings,
        console_url: str,
        waits: Callable[[str], Waits] = lambda tenant: Waits(),
    ) -> None:
        self._store = store
        self._people = people
        self._post = post
        self._settings = settings
        self._console_url = console_url
        self._waits = waits
        self._refusals: dict[tuple[str, str], deque[float]] = {}

    async def about(
        self, facts: Facts, examined: Examined, items: Sequence[Item], put: Put
    ) -> Sequence[Item]:
        """The letters that are due when these items of one mail are taken. Raises StoreError.

        None about mail that a program sent (RFC 3834 §2): a letter of ours that a mailbox forwards back through us would
        make the next one, and so on. It is on its sender's page all the same.
        """
        if facts.direction == "outbound":
            if examined.summary.automatic:
                return []
            return [
                *await self._to_sender(facts, examined, items, put),
                *await self._changed(facts, examined, items, put),
                *await self._told(facts, examined, items, put),
            ]
        return [*await self._to_readers(items, put), *await self._to_keepers(items, put)]

    async def refused(self, facts: Facts, examined: Examined, subject: str, put: Put) -> Sequence[Item]:
        """To who submitted a mail that was refused, so that nobody has to read an SMTP reply. `subject` "" is not repeated.
        Raises StoreError."""
        person = facts.sender
        if facts.direction != "outbound" or person is None or not person.addresses:
            return []
        if examined.summary.automatic:  # as in `about`
            return []
        lately = self._refusals.setdefault((facts.origin.tenant, person.login), deque(maxlen=PER_HOUR))
        if len(lately) == PER_HOUR and lately[0] > facts.now - 3600:
            return []
        lately.append(facts.now)
        rules = examined.verdict.rejects
        found = [f for f in examined.findings if f.rule in rules]
        letter = on_hold.refused(facts.mail_id, subject, facts.envelope.recipients, found, person.language)
        return [await self._to(person, letter, facts, put)]

    async def _changed(
        self, facts: Facts, examined: Examined, items: Sequence[Item], put: Put
    ) -> Sequence[Item]:
        """To the sender of mail that left at once with another To (OUT-BCC); where some of it is held, they hear by that
        letter."""
        person = facts.sender
        left = [item for item in items if not on_hold.HIDES.isdisjoint(item.rewrites)]
        held = any(item.state is State.HELD for item in items)
        if not left or held or person is None or not person.addresses:
            return []
        return [await self._to(person, on_hold.changed(left, examined, person.language), facts, put)]

    async def _told(
        self, facts: Facts, examined: Examined, items: Sequence[Item], put: Put
    ) -> Sequence[Item]:
        """To the sender of mail in which a rule whose mode is "tell" found something; nothing is held for it."""
        person, rules = facts.sender, examined.verdict.tells
        if not rules or not items or person is None or not person.addresses:
            return []
        letter = on_hold.told(items[0], [f for f in examined.findings if f.rule in rules], person.language)
        return [await self._to(person, letter, facts, put)]

    async def _to_sender(
        self, facts: Facts, examined: Examined, items: Sequence[Item], put: Put
    ) -> Sequence[Item]:
        """To the sender of mail that is held, unless nobody wants it or there is nobody to write to."""
        waits, person = [item for item in items if item.state is State.HELD], facts.sender
        if not waits or not self._settings.notices.held or person is None or not person.addresses:
            return []
        tenant = facts.origin.tenant
        letter = on_hold.held(
            waits, examined, person.language, console=self._page(tenant), timezone=self._settings.zone(tenant),
            margin=self._settings.margin_seconds, usual=self._waits(tenant),
        )  # fmt: skip
        return [await self._to(person, letter, facts, put)]

    def _page(self, tenant: str) -> str:
        return self._settings.of(tenant).console.page(self._console_url)

    async def _to(self, person: Person, letter: Letter, facts: Facts, put: Put) -> Item:
        return await self._post.item(
            letter, person.addresses[:1], facts.now, put,
            name=person.name, owner=person.login, tenant=facts.origin.tenant,
        )  # fmt: skip

    async def _to_readers(self, items: Sequence[Item], put: Put) -> Sequence[Item]:
        """To the recipients of arriving mail that waits for nothing but the password of a file."""
        letters: list[Item] = []
        for item in items if self._settings.notices.locked else ():
            if item.holds != (LOCKED,):
                continue
            readers = await self._people.readers(item.tenant, (r.path.address for r in item.recipients))
            for account in readers[: READERS - len(letters)]:
                letter = held.locked(item, account.language, self._page(item.tenant))
                letters.append(await self._post.to_account(letter, account, item.accepted_at, put))
        return letters

    async def _to_keepers(self, items: Sequence[Item], put: Put) -> Sequence[Item]:
        """To who is in charge of the quarantine: the mailbox of some recipients took the mail, that of others did not, and the
        client has its 250."""
        left = [item for item in items if UNDELIVERABLE in item.holds]
        if not left:
            return []
        return [
            await self._post.to_account(
                held.undeliverable(left, account.language, self._page(account.tenant)),
                account,
                left[0].accepted_at,
                put,
            )
            for account in await keepers(self._people, left[0].tenant)
        ]

    async def send(
        self,
        letters: Sequence[tuple[Letter, Account]],
        now: float,
        actor: str,
        claim: Callable[[Transaction], None] = lambda transaction: None,
    ) -> int:
        """Take letters into custody, with what `claim` writes in the same transaction; how many. Raises StoreError,
        and what `claim` raises."""
        async with Intake(self._store) as intake:
            items = [await self._post.to_account(letter, to, now, intake.put) for letter, to in letters]
            await intake.commit(items, now, actor, claim)
        return len(items)


async def keepers(people: People, tenant: str) -> list[Account]:
    """Who is in charge of the quarantine and can be written to."""
    return [a for a in await people.all(tenant) if Verb.QUARANTINE in charge(a) and a.addresses]
