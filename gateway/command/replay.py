"""`sekisho policy replay`: what another policy would have done with the mail of the last days.

Mail that was examined is decided on again from what is remembered of it (filters/decision/remembered.py); mail that still
waits is examined again from its content, in locked-up processes. What a changed policy would have to see in the text of
mail that is gone is named, not guessed. Nothing is changed; a node may run meanwhile: of what it erases while this looks,
and of what is damaged, is said that it was not decided on. An exception is in force as it was on the day of each mail.

Diagnostics: ConfigError for a policy that cannot be used, StoreError.
"""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from config.business_hours import business_hours
from config.load import load_policy
from config.policy import ConfigError, Policy
from config.settings import Settings
from filters import ruleset
from filters.decision.decide import Decided
from filters.decision.differences import Difference, differences
from filters.decision.looking import looking, unrehearsed
from filters.decision.remembered import Rehearsal, Remembered, read
from filters.examined import Applied
from filters.ruleset import prepare
from filters.verdict import Verdict
from gateway.command.operator import opened
from gateway.command.waiting import WaitingMail
from gateway.start.policies_in_force import keeper
from gateway.start.policy_in_force import policy_of
from quarantine.policies.versions import Versions
from quarantine.rehearsal.memory import DAY, Ground, Kept, Memory
from storage.seal import open_seal

NO_KEY = "the key of their day was erased, or cannot be opened"
DAMAGED = "what is remembered of them is damaged, or too large"
NUMBERS = ("policy", "days", "mails", "exact", "same", "erased", "stale")


class Changed(msgspec.Struct):
    """A change with the mails that it concerns, the oldest first, and for how many each rule or case is responsible."""

    what: str
    mails: list[str] = []
    by: Counter[str] = Counter()


class Replayed(msgspec.Struct):
    """The answer.

    exact      mails that were examined again from their content
    same       mails of which nothing changes
    unknown    settings that cannot be rehearsed: why, and with how many mails
    left_out   mails that were not decided on, by why
    erased     mails that were there when this began and that are gone
    stale      the policy file is another one now
    """

    policy: str
    days: float
    mails: int = 0
    exact: int = 0
    same: int = 0
    changed: dict[str, Changed] = {}
    unknown: dict[str, tuple[str, int]] = {}
    left_out: dict[str, list[str]] = {}
    erased: int = 0
    stale: bool = False

    def note(self, mail_id: str, found: Sequence[Difference]) -> None:
        self.mails += 1
        self.same += not found
        for each in found:
            changed = self.changed.setdefault(each.what, Changed(each.what, [], Counter()))
            changed.mails.append(mail_id)
            changed.by.update(each.by)


class Trial:
    """A new policy on a tenant's remembered mail."""

    def __init__(self, policy: Policy, zone: str, days: float) -> None:
        prepared = prepare(policy)
        self._looking = looking(prepared)
        self._rehearsal = Rehearsal(prepared)
        self._unknown: dict[str, dict[str, str]] = {}
        self._working = business_hours(policy.calendar, zone).open
        self.answer = Replayed(policy.version, days)

    def remembered(self, kept: Kept, ground: Ground | None) -> Remembered | None:
        """What is remembered of a mail; None, and noted as left out, for what cannot be read."""
        try:
            mail = read(kept.features) if ground is not None else None
        except (msgspec.MsgspecError, ValueError):
            self._left_out(kept, DAMAGED)
            return None
        if mail is None:
            self._left_out(kept, NO_KEY)
        return mail

    def _left_out(self, kept: Kept, why: str) -> None:
        self.answer.left_out.setdefault(why, []).append(kept.mail_id)

    def decide(self, kept: Kept, mail: Remembered, ground: Ground) -> None:
        """Decide on a mail again."""
        try:
            decided, verdicts = self._rehearsal.again(ground.key, mail, working=self._working(kept.at))
            found = _differences(mail, decided, verdicts)
        except Exception:  # what was read is not what was written: an index of nobody, a date that is none
            self._left_out(kept, DAMAGED)
            return
        self.answer.note(kept.mail_id, found)
        if ground.name not in self._unknown:
            self._unknown[ground.name] = unrehearsed(ground.looking, self._looking)
        for setting, why in self._unknown[ground.name].items():
            self.answer.unknown[setting] = why, self.answer.unknown.get(setting, (why, 0))[1] + 1

    def examined(
        self, kept: Kept, mail: Remembered, applied: Sequence[Applied], verdicts: Sequence[Verdict]
    ) -> None:
        """Take the verdicts of a mail that was examined again."""
        self.answer.exact += 1
        self.answer.note(kept.mail_id, _differences(mail, Decided((), 0, tuple(applied)), verdicts))


def _differences(mail: Remembered, decided: Decided, verdicts: Sequence[Verdict]) -> list[Difference]:
    return differences(mail.was, mail.did, verdicts, frozenset(decided.applied))


async def replay(settings: Settings, tenant: str, file: Path, days: float) -> Replayed:
    """Decide again on a tenant's mail of so many days, by the policy in a file laid over the presets of the settings, or by
    the version of that number."""
    number = int(file.name) if file.name.isdecimal() and file == Path(file.name) else 0
    policy = Policy() if number else load_policy(file, settings.presets, check=ruleset.problems)
    async with opened(settings) as store:
        if number:
            version = await Versions(store, keeper(settings, tenant)).get(number)
            if version is None:
                raise ConfigError([f"there is no version {number} of the policy (sekisho policy history)"])
            policy = policy_of(version, settings)[0]
        written, now = _content(file), time.time()
        trial = Trial(policy, settings.console.timezone, days)
        seal = await open_seal(settings.seal_key, store.database)
        memory = Memory(store.database, seal, lambda tenant: policy, settings.rehearsal.days)
        waiting = WaitingMail(settings, store, seal, policy)
        try:
            held = await waiting.find(tenant, now - days * DAY)
            place = (now - days * DAY, "")
            there, looked_at = await memory.count(tenant, place[0], now), 0
            while page := await memory.mails(tenant, *place, until=now):
                grounds = await memory.grounds(
                    tenant
                )  # each time: with a key that is erased nothing is done any more
                for kept in page:
                    ground = grounds.get(kept.ground)
                    mail = trial.remembered(kept, ground)
                    if mail is None or ground is None:
                        continue
                    if kept.mail_id in held:
                        again = await waiting.examined(held[kept.mail_id], mail, ground.key)
                        if again is not None:
                            trial.examined(kept, mail, *again)
                            continue
                    trial.decide(kept, mail, ground)
                looked_at += len(page)
                place = page[-1].at, page[-1].mail_id
            trial.answer.erased = max(0, there - looked_at)
            trial.answer.stale = _content(file) != written
        finally:
            await waiting.stop()
    return trial.answer


def _content(file: Path) -> bytes:
    """Of a policy file; b"" where there is none (any more)."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def readable(answer: Replayed, ids: int) -> str:
    """The same for a terminal, with so many ids of each change."""
    if not answer.mails and not answer.left_out and not answer.erased:
        return f"no mail of the last {answer.days:g} days is remembered ([rehearsal] days in sekisho.toml)"
    lines = [
        f"{answer.mails} mails of the last {answer.days:g} days under the policy {answer.policy}"
        + (f"; {answer.exact} still wait and were examined again" if answer.exact else ""),
        f"the same: {answer.same}",
    ]
    for each in sorted(answer.changed.values(), key=lambda c: (-len(c.mails), c.what)):
        lines.append(f"{each.what}: {len(each.mails)}")
        lines += [f"    {by} ({count})" for by, count in each.by.most_common()]
        lines += _ids(each.mails, ids)
    for why, left in sorted(answer.left_out.items()):
        lines.append(f"not decided on: {len(left)}: {why}")
        lines += _ids(left, ids)
    if answer.erased:
        lines.append(f"erased while this looked, and not decided on: {answer.erased}")
    if answer.stale:
        lines.append("the file is another one now; this is about what stood in it when this began")
    if answer.unknown:
        lines.append("cannot be rehearsed, and was taken as it was seen then (of so many mails):")
        lines += [
            f"    {setting}: {why} ({count})" for setting, (why, count) in sorted(answer.unknown.items())
        ]
    return "\n".join(lines)


def _ids(mails: Sequence[str], ids: int) -> list[str]:
    more = len(mails) - ids
    return [f"    {' '.join(mails[:ids])}" + (f" … and {more} more" if more > 0 else "")] if ids else []


def as_json(answer: Replayed) -> bytes:
    """All of it, with all ids."""
    return msgspec.json.format(
        msgspec.json.encode(
            {
                **{name: getattr(answer, name) for name in NUMBERS},
                "changed": [
                    {"change": c.what, "mails": len(c.mails), "by": dict(c.by.most_common()), "ids": c.mails}
                    for c in sorted(answer.changed.values(), key=lambda c: -len(c.mails))
                ],
                "not_decided": [
                    {"why": why, "mails": len(left), "ids": left}
                    for why, left in sorted(answer.left_out.items())
                ],
                "cannot_be_rehearsed": [
                    {"setting": setting, "why": why, "mails": count}
                    for setting, (why, count) in sorted(answer.unknown.items())
                ],
            }
        )
    )
