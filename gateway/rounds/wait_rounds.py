"""Writes to people about leaving mail that waits for a person, and ends what nobody wanted (OUT-APPROVE).

The steps are quarantine/waits/steps.py. Each is noted in the transaction of its letters, so that it is done once, here
or on another node, whatever happens in between.

Diagnostics (log): letters (how many were written), expired (waits that ended by themselves), abandoned (mail whose sender
is gone).
"""

import contextlib
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec
import structlog

from config.approval import LAST, Turn
from config.business_hours import business_hours
from config.log_events import LogEvent
from config.policies import PolicyOf
from config.policy import Organisation
from config.settings import Settings
from config.tenant import DEFAULT
from directory.account import Account
from directory.bearers import Bearers, GroupsOf
from directory.delegations import Delegation, Delegations, mandates_of
from directory.people import People
from gateway.notices import Notices
from gateway.rounds.forever import forever
from quarantine.item import Event, Item, NotAllowed, State
from quarantine.letters import asked
from quarantine.letters.asked import Asking
from quarantine.letters.letter import Letter
from quarantine.lifecycle import SENDER_GONE, UNATTENDED
from quarantine.rights import HOUSEKEEPING, Ties, Verb, Voice, charge
from quarantine.rights import asked as may_speak
from quarantine.store import Query, Store
from quarantine.waits import gone, waits
from quarantine.waits.steps import DAY, HEARS, Readers, Step, Times, Wait, ending, next_at, steps
from quarantine.waits.waits import OPEN, Waiting
from storage.interfaces import Already, Transaction

log = structlog.get_logger()

ROUND = 5.0
"""Seconds between two rounds."""
SOON = 4 * ROUND
"""Seconds before it leaves in which every round looks whether a mail's sender is gone."""
EVERY = 60.0
"""Seconds between two looks at all mail for that."""
BATCH = 200


class WaitRounds:
    """Looks after the waits of all nodes."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        people: People,
        notices: Notices,
        policy: PolicyOf,
        clock: Callable[[], float],
        console_url: str,
    ) -> None:
        self._settings = settings.approval
        self._writes = settings.notices.waits
        self._house = settings
        self._store = store
        self._delegations = Delegations(store.database, clock)
        self._people = people
        self._notices = notices
        self._policy = policy
        self._clock = clock
        self._console_url = console_url
        self._looked = -1e9
        self._written: dict[tuple[str, str], float] = {}
        """When somebody was last written to: what comes soon after waits for the next letter."""

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, waits=self._round)

    async def _round(self) -> None:
        now = self._clock()
        everything = now - self._looked >= EVERY
        await self.stop_abandoned(everything=everything)
        self._looked = now if everything else self._looked
        while await self.look() == BATCH:
            pass

    async def stop_abandoned(self, *, everything: bool = True) -> int:
        """Hand mail whose sender is gone to the administrators: all of it, or what leaves soon; how much. Raises
        StoreError."""
        now, number = self._clock(), 0
        today = business_hours(self._policy(DEFAULT).calendar, self._house.zone(DEFAULT)).day(now).isoformat()
        database = self._store.database
        found = [*await gone.timed(database, today, math.inf if everything else now + SOON)]
        found += await gone.waiting(database, today) if everything else []
        for each in found:
            actor = msgspec.structs.replace(HOUSEKEEPING, tenant=each.tenant)
            try:
                await self._store.change(each.id, Event.ESCALATE, actor, now, {"hold": SENDER_GONE})
                number += 1
            except NotAllowed:  # it left, or somebody was quicker
                continue
        if number:
            log.info(LogEvent.ABANDONED, count=number)
        return number

    async def look(self) -> int:
        """One round; how many waits had something due. Raises StoreError."""
        due = await waits.due(self._store.database, self._clock(), BATCH)
        by_tenant: dict[str, list[Waiting]] = {}
        for wait in due:
            by_tenant.setdefault(wait.tenant, []).append(wait)
        for tenant, theirs in by_tenant.items():
            await self._look(tenant, theirs)
        return len(due)

    async def _look(self, tenant: str, due: Sequence[Waiting]) -> None:
        ids = tuple(wait.item for wait in due)
        found = await self._store.find(Query(tenant, ids=ids, limit=len(ids)))
        items, accounts = {item.id: item for item in found}, await self._people.all(tenant)
        told = _Round(self, accounts, await self._delegations.all(tenant), self._clock())
        for wait in due:
            item = items.get(wait.item)
            if item is None or (wait.state == OPEN and item.state is not State.HELD):  # erased, or gone
                told.over(wait)
            elif wait.state != OPEN:
                told.outcome(wait, item)
            elif (instead := told.instead(item)) != item.approvals:
                await self._pass_on(item, instead)
            elif wait.step >= len(every := steps(Wait(wait.kind), self.times(item))) or every[wait.step].ends:
                await self._end(item)
            elif (to := every[wait.step].passes) and (instead := told.handed_up(item, to)) != item.approvals:
                await self._pass_on(item, instead, late=True)
            else:
                told.step(wait, item, every[wait.step], every[wait.step + 1])
        await self._write(told)

    async def _pass_on(self, item: Item, instead: tuple[str, ...], *, late: bool = False) -> None:
        """Ask others where nobody can give the word that is missing, or nobody did (`late`); they are told in the next
        round."""
        detail: dict[str, object] = {"instead_of": list(item.approvals), "approvals": list(instead)}
        if late:
            detail["late"] = True
        with contextlib.suppress(NotAllowed):  # somebody was quicker
            await self._store.change(item.id, Event.ASK_NEXT, HOUSEKEEPING, self._clock(), detail)

    async def _end(self, item: Item) -> None:
        """Nobody did anything about a mail: the policy says what becomes of it. Its sender, or who decides now, is told in
        the next round."""
        now = self._clock()
        event = ending(item, self.times(item).waits, now)
        detail = {"hold": UNATTENDED} if event is Event.ESCALATE else {}
        try:
            await self._store.change(item.id, event, HOUSEKEEPING, now, detail)
            log.info(LogEvent.EXPIRED, count=1)
        except NotAllowed:  # somebody was quicker
            return

    async def _write(self, told: "_Round") -> None:
        if not told.claims:
            return

        def claim(transaction: Transaction) -> None:
            for each in told.claims:
                each(transaction)

        letters = told.letters() if self._writes else []
        try:
            number = await self._notices.send(letters, told.now, HOUSEKEEPING.name, claim)
        except Already:  # another node; the next round sees what is left
            return
        self._written |= {(to.tenant, to.login): told.now for _, to in letters}
        if number:
            log.info(LogEvent.LETTERS, kind="waits", count=number)

    def hushed_until(self, account: Account) -> float:
        """When somebody who was written to a moment ago may be written to again."""
        every = self._settings.letters_seconds
        return self._written.get((account.tenant, account.login), -1e9) + every

    def next_at(self, tenant: str, before: Step, step: Step, since: float, now: float) -> float:
        hours = business_hours(self._policy(tenant).calendar, self._house.zone(tenant))
        return next_at(before, step, since, now, hours)

    def page(self, tenant: str, path: str) -> str:
        return f"{self._house.of(tenant).console.page(self._console_url)}/{path}"

    def organisation(self, tenant: str) -> Organisation:
        return self._policy(tenant).organisation

    @property
    def groups_of(self) -> GroupsOf:
        return self._store.groups_of

    def times(self, item: Item) -> Times:
        """As settings and policy have them now, if the rules said nothing else when the mail was taken."""
        waits = item.untouched or self._policy(item.tenant).waits
        return Times(self._settings.remind_hours, self._settings.alert_hours, waits)

    def zone(self, tenant: str) -> str:
        return self._house.zone(tenant)


class _Round:
    """What one round has to say in one tenant, gathered: each reader gets one letter of a kind about all their mail."""

    def __init__(
        self,
        rounds: WaitRounds,
        accounts: Sequence[Account],
        delegations: Sequence[Delegation],
        now: float,
    ) -> None:
        self.now = now
        self.claims: list[Callable[[Transaction], None]] = []
        self._rounds = rounds
        self._accounts = {account.login: account for account in accounts}
        self._delegations = delegations
        self._bearers = Bearers(accounts, rounds.groups_of)
        self._about: dict[tuple[str, str], list[Asking]] = {}
        self._own: dict[tuple[object, ...], tuple[Account, Callable[[Item], Letter], list[Item]]] = {}

    def letters(self) -> list[tuple[Letter, Account]]:
        found = [(letter(_whole(copies)), account) for account, letter, copies in self._own.values()]
        for (key, login), mails in self._about.items():
            account = self._accounts[login]
            path = "approvals" if key.endswith(".approver") else "quarantine"
            letter = asked.asked(
                key, _each_once(mails), account.language, self._rounds.page(account.tenant, path)
            )
            found.append((letter, account))
        return found

    def _to_sender(
        self, account: Account, item: Item, letter: Callable[[Item], Letter], *says: object
    ) -> None:
        """One letter about all copies of a mail of which it says the same."""
        self._own.setdefault((account.login, item.mail_id, *says), (account, letter, []))[2].append(item)

    def instead(self, item: Item) -> tuple[str, ...]:
        """Who is to be asked for a mail: as it stands, or others where those are missing."""
        owner = self._accounts.get(item.owner)
        if not item.approvals or owner is None:
            return item.approvals
        return self._bearers.passed_on(
            item.approvals, owner, self._rounds.organisation(item.tenant), item.barred
        )

    def handed_up(self, item: Item, to: str) -> tuple[str, ...]:
        """Who is to be asked for a mail on which those who were asked did not decide in time: `to` NEXT or LAST."""
        owner = self._accounts.get(item.owner)
        if owner is None:
            return item.approvals
        organisation, last = self._rounds.organisation(item.tenant), to == LAST
        return self._bearers.handed_up(item.approvals, owner, organisation, item.barred, last=last)

    def over(self, wait: Waiting) -> None:
        self.claims.append(lambda transaction: waits.forget(transaction, wait))

    def outcome(self, wait: Waiting, item: Item) -> None:
        """To the sender: how the wait ended, unless they ended it themselves; of mail that a program sent, as a DSN would be
        written: only that it will not leave, and not where nobody is to hear (RFC 5321 §6.1)."""
        sender = self._reachable([item.owner])
        quiet = item.summary.automatic and not (item.state is State.WITHDRAWN and item.reverse_path)
        if sender and wait.person != item.owner and not quiet:
            (account,) = sender
            withdrawn = item.state is State.WITHDRAWN
            key = HEARS[Event(wait.state)].letter or ("discarded" if withdrawn else "approved")
            leaves = item.due_at if item.state is State.HELD and not withdrawn else None
            letter = partial(
                asked.ended, key, language=account.language, person=self._name(wait.person, account.language),
                answer=wait.answer, leaves=leaves, timezone=self._rounds.zone(item.tenant),
            )  # fmt: skip
            self._to_sender(account, item, letter, key, wait.person, wait.answer, leaves and round(leaves))
        self.over(wait)

    def step(self, wait: Waiting, item: Item, step: Step, following: Step) -> None:
        readers = self._readers(step, item)
        if wait.kind == Wait.APPROVAL and wait.step == 0 and wait.answer:
            self._passed_on(item, wait.answer.split(", "), {account.login for account, _, _ in readers})
        if step.readers is Readers.SENDER and item.summary.automatic:
            readers = []  # no machine is reminded
        heard = [self._rounds.hushed_until(account) for account, _, _ in readers if step.letter]
        if (
            heard and min(heard) > self.now
        ):  # all of them a moment ago: later, with what else comes until then
            later = min(heard)
            self.claims.append(lambda transaction: waits.advance(transaction, wait, later, same=True))
            return
        if step.readers is Readers.SENDER:
            times = self._rounds.times(item)
            every = steps(Wait(wait.kind), times)
            end, event = wait.since + every[-1].days * DAY, ending(item, times.waits, self.now)
            passes = next((each for each in every[wait.step :] if each.passes), None)
            if passes is not None and self.handed_up(item, passes.passes) != item.approvals:
                end, event = wait.since + passes.days * DAY, Event.ASK_NEXT
            for account, _, _ in readers if step.letter else ():
                letter = partial(
                    asked.reminded, language=account.language, page=self._rounds.page(item.tenant, f"mail/{item.id}"),
                    end=max(end, self.now), ending=event, timezone=self._rounds.zone(item.tenant),
                )  # fmt: skip
                self._to_sender(account, item, letter, "reminded", event, round(end))
        else:
            for account, audience, mail in readers:
                self._about.setdefault((f"{step.letter}.{audience}", account.login), []).append(mail)
        at = self._rounds.next_at(item.tenant, step, following, wait.since, self.now)
        self.claims.append(lambda transaction: waits.advance(transaction, wait, at))

    def _passed_on(self, item: Item, silent: Sequence[str], asked_now: set[str]) -> None:
        """To the sender, and to those who did not decide in time: who is asked now."""
        owner = self._accounts.get(item.owner)
        if owner is None:
            return
        for account in self._reachable([] if item.summary.automatic else [item.owner]):
            letter = partial(
                asked.ended, "passed_on", language=account.language, roles=(silent, item.asks), leaves=None,
                timezone=self._rounds.zone(item.tenant), page=self._rounds.page(item.tenant, f"mail/{item.id}"),
            )  # fmt: skip
            self._to_sender(account, item, letter, "passed_on", *silent, *item.asks)
        before = set[str]().union(*(self._bearers.able(Turn(name), owner, item.barred) for name in silent))
        for account in self._reachable(sorted(before - asked_now)):
            mail = Asking(item, owner.name_in(account.language), item.asks)
            self._about.setdefault(("passed_on.approver", account.login), []).append(mail)

    def _readers(self, step: Step, item: Item) -> list[tuple[Account, str, Asking]]:
        """Who hears of a step, as what, and what is said to them of the mail."""
        owner = self._accounts.get(item.owner)
        called = {lang: (owner.name_in(lang) if owner else item.owner) for lang in self._languages()}
        if step.readers is Readers.SENDER:
            return [(a, "sender", Asking(item, "")) for a in self._reachable([item.owner])]
        if step.readers is Readers.ASKED:
            found = [
                (account, "approver", self._asking(item, called[account.language], voices, account.language))
                for account in self._reachable(self._accounts)
                if (voices := may_speak(account, item, owner, self._ties(account)))
            ]
            if found:
                return found
        nobody = step.readers is Readers.ASKED
        heads = [
            (account, "head", Asking(item, called[account.language]))
            for account in self._reachable(self._accounts)
            if step.letter == "asked" and SENDER_GONE in item.holds and owner and owner.department in account.head_of
        ]  # fmt: skip
        return heads + [
            (account, "administrator", Asking(item, called[account.language], item.approvals, nobody))
            for account in self._reachable(self._accounts)
            if Verb.QUARANTINE in charge(account)
        ]

    def _ties(self, account: Account) -> Ties:
        mandates = mandates_of(self._delegations, self._accounts, account.login, self.now)
        return Ties(mandates, self._rounds.groups_of)

    def _asking(self, item: Item, sender: str, voices: Sequence[Voice], language: str) -> Asking:
        places = tuple(dict.fromkeys(self._name(v.place, language) for v in voices if v.place))
        return Asking(item, sender, tuple(v.role for v in voices), places=places)

    def _languages(self) -> set[str]:
        return {account.language for account in self._accounts.values()}

    def _reachable(self, logins: Iterable[str]) -> list[Account]:
        found = (self._accounts.get(login) for login in logins)
        return [a for a in found if a is not None and not a.disabled and a.addresses]

    def _name(self, login: str, language: str) -> str:
        account = self._accounts.get(login)
        return account.name_in(language) if account else login


def _whole(copies: Sequence[Item]) -> Item:
    """Copies of one mail as one, with all their recipients."""
    return msgspec.structs.replace(copies[0], recipients=tuple(r for copy in copies for r in copy.recipients))


def _each_once(mails: Iterable[Asking]) -> list[Asking]:
    """Mails of which several copies wait for the same, each once."""
    found: dict[tuple[object, ...], list[Asking]] = {}
    for mail in mails:
        found.setdefault((mail.item.mail_id, mail.roles, mail.nobody, mail.places), []).append(mail)
    return [msgspec.structs.replace(m[0], item=_whole([one.item for one in m])) for m in found.values()]
