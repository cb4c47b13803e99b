"""Mail that still waits, examined again under another policy: in locked-up processes, from its content, changing nothing."""

from collections.abc import Callable, Sequence

import msgspec

from config.policy import Policy
from config.settings import Settings
from directory.correspondents import Correspondents
from directory.listings import Listings
from directory.past_mail import PastMail
from directory.people import People
from directory.vault import Vault
from filters.decision.pseudonyms import Pseudonyms
from filters.decision.remembered import Remembered
from filters.examined import DISARMED, UNEXAMINABLE, Applied, Examined
from filters.facts import Authentication, Facts, Origin
from filters.verdict import PASS, Verdict
from gateway.checkpoint import Checkpoint
from gateway.fact_finding import ArrivingFacts, LeavingFacts
from gateway.from_settings import scanner_of
from gateway.locked.workers import Workers
from gateway.released import Released
from gateway.scan.clamd import PASSING
from gateway.upkeep import with_names
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from quarantine.item import Item, Recipient, State
from quarantine.store import Place, Query, Store
from storage.day_keys import DayKeys
from storage.day_seal import DaySeal
from storage.interfaces import StoreError
from storage.key_service import master_of
from storage.seal import Seal

PAGE = 500


async def _nobody(origin: Origin, envelope: Envelope, message: Message) -> Authentication:
    return Authentication()


def finders(
    settings: Settings, store: Store, seal: Seal, people: People, policy: Policy, clock: Callable[[], float]
) -> tuple[ArrivingFacts, LeavingFacts]:
    """Who finds facts as the node does, for commands beside it: nothing is asked of the DNS."""
    database, zone = store.database, settings.zone
    past_mail = PastMail(database, clock)
    correspondents = Correspondents(database, learning=settings.learning_days * 86_400.0)
    arriving = ArrivingFacts(
        people, correspondents, past_mail, Listings(database, clock), Released(store, seal), _nobody, lambda tenant: policy, clock, zone,
        authserv_id=settings.hostname, console=lambda tenant: settings.of(tenant).console.page(""),
    )  # fmt: skip
    secrets = DaySeal(seal, DayKeys(settings.keys, master_of(settings.key_service, seal), database))
    vault = Vault(database, secrets, lambda tenant: policy.encrypt.minimum_bits, clock=clock)
    leaving = LeavingFacts(people, correspondents, past_mail, vault, lambda tenant: policy, clock, zone)
    return arriving, leaving


class WaitingMail:
    """Held mail of a tenant under `policy`. The processes start with the first mail; `stop` ends them."""

    def __init__(self, settings: Settings, store: Store, seal: Seal, policy: Policy) -> None:
        self._settings = settings
        self._store = store
        self._policy = policy
        self._people = People(store.database)
        self._workers: Workers | None = None
        self._now = 0.0
        self._listings = Listings(store.database, self._clock)
        self._scanner = scanner_of(settings, logs=False)
        self._arriving, self._leaving = finders(settings, store, seal, self._people, policy, self._clock)

    def _clock(self) -> float:
        """When the mail was accepted that is looked at."""
        return self._now

    async def find(self, tenant: str, since: float) -> dict[str, Item]:
        """An item of each mail that waits, by the id of the mail."""
        found: dict[str, Item] = {}
        query = Query(tenant, state=(State.HELD,), since=since, not_only=DISARMED, limit=PAGE, order="oldest")
        while page := await self._store.find(query):
            for item in page:
                found.setdefault(item.mail_id, item)
            query = msgspec.structs.replace(query, after=Place(page[-1].accepted_at, page[-1].id))
        return found

    async def examined(
        self, item: Item, mail: Remembered, key: bytes
    ) -> tuple[Sequence[Applied], Sequence[Verdict]] | None:
        """What is applied to it, and the verdict of each recipient; None when it cannot be examined as it came: a recipient
        or its sender is gone, or the content, or the virus scanner."""
        paths: dict[bytes, ForwardPath] = {}
        pseudonyms = Pseudonyms(key)
        for other in await self._store.find(Query(item.tenant, mail_id=item.mail_id, limit=PAGE)):
            paths |= {pseudonyms.address(r.path.address): r.path for r in other.recipients}
        if not all(digest in paths for digest in mail.recipients):
            return None
        whole = msgspec.structs.replace(
            item, recipients=tuple(Recipient(paths[digest]) for digest in mail.recipients)
        )
        try:
            examined = await self._again(whole)
        except (StoreError, TimeoutError):
            return None
        if examined is None or any(f.rule == UNEXAMINABLE for f in examined.findings):
            return None
        verdicts = [PASS] * len(mail.recipients)
        for copy in examined.copies:
            for index in copy.recipients:
                verdicts[index] = copy.verdict
        return examined.applied, verdicts

    async def _again(self, item: Item) -> Examined | None:
        if self._workers is None:
            self._workers = await self._started()
        draft = self._store.blobs.draft()
        try:
            for chunk in await self._store.blobs.get(item.original or item.blob):
                draft.write(chunk)
            facts = await self._facts(item, Message(draft.view()))
            if facts is None:
                return None
            checkpoint = Checkpoint(self._workers, self._listings, self._scanner)
            facts, examined = await checkpoint.examine(draft, facts)
            lack = facts.scan.lack if facts.scan is not None else ""
            # What nobody can see now is no change of the policy's.
            return None if lack in PASSING else examined
        finally:
            draft.discard()

    async def _facts(self, item: Item, message: Message) -> Facts | None:
        self._now = item.accepted_at
        if item.direction == "inbound":
            return await self._arriving.again(item, message)
        origin = Origin("submission", item.peer, login=item.owner, tenant=item.tenant)
        return await self._leaving.find(origin, item.envelope, message)

    async def _started(self) -> Workers:
        section = self._settings.workers
        workers = Workers(
            with_names(self._policy, await self._people.all_names()),
            1,
            sandbox=section.sandbox,
            time_limit=section.seconds,
            memory_limit=section.megabytes << 20,
            per_client=0,
            scratch=self._settings.state_dir,
        )
        await workers.start()
        return workers

    async def stop(self) -> None:
        if self._workers is not None:
            await self._workers.stop()
        self._people.close()
