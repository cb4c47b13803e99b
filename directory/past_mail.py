"""The house's memory of mail that left: who writes where how often, who stands in one mail with whom, which names belong
to an address, who is in a thread (OUT-MISSEND; docs/adr/0035).

    past_mail.accepted(facts, examined)       an outgoing mail came into our custody: nothing is learnt yet
    past_mail.left(tenant, mail_id, [...])    it was delivered to these: now it is
    past_mail.arrived(facts, examined)        a mail was delivered to us: whoever answers it answers these
    await past_mail.about(...)                what concerns the recipients of one mail (filters.facts.Acquaintances)

One row for each thing, with its counts (directory/counts.py). Mail does not wait for it: all is noted, and `flush` writes. What a crash loses makes us more careful, never less.
"""

import time
from collections.abc import Callable, Iterable, Mapping

import msgspec

from config.policy import Organisation
from directory.answer_cache import Recent
from directory.counts import (
    ADDRESS,
    DOMAIN,
    END,
    HABIT,
    PENDING,
    SURNAME,
    THREAD,
    Counts,
    Taught,
    acquaintance,
    add,
    bounded,
    joined,
    scale,
    stood,
    teachings,
    thread_name,
    thread_of,
    values_of,
)
from directory.likeness import candidates, ends
from directory.memory_rows import KEEP, MANY, Key, add_missing, kept, read, row_of, take_up
from filters.examined import Examined
from filters.facts import Acquaintances, Facts, Thread
from filters.lures.hosts import organisational
from filters.reading.lesson import surnames
from mail.address import domain_of, without_tag
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Transaction

AGES = {THREAD: 180 * 86_400.0, PENDING: 60 * 86_400.0}
AGE = 2 * 365 * 86_400.0
"""Seconds after which a row that nothing was added to is forgotten."""
MOST = 2_000_000
"""Rows of a tenant; then the oldest go."""
OF_ONE = 2_000
"""Recipients that one sender may teach in a day: a circular teaches nothing worth knowing."""
NOTED = 10_000
SOON = 20.0
"""Seconds after which a mail that has not left is written down, to be learnt later."""
KNOWN_AGE, UNKNOWN_AGE = 300.0, 20.0
"""Seconds for which a row is remembered, and that there is none."""
_FORGET = of_all("DELETE FROM remembered WHERE kind = :kind AND seen_at < :before")
_TENANTS = of_all("SELECT tenant, COUNT(*) AS number FROM remembered GROUP BY tenant")
_OLDEST = (
    "DELETE FROM remembered WHERE tenant = :tenant AND seen_at <="
    " (SELECT MAX(seen_at) FROM (SELECT seen_at FROM remembered WHERE tenant = :tenant ORDER BY seen_at LIMIT :number) AS o)"
)
"""Those of a tenant that nothing was added to for longest."""


class PastMail:
    """The memory of all tenants; each question is about one."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._recent: Recent[Key, Counts] = Recent(clock, most=5_000)
        self._noted: dict[Key, Counts] = {}
        self._waiting: dict[tuple[str, str], tuple[float, dict[str, Taught]]] = {}
        self._gone: dict[tuple[str, str], set[str]] = {}
        self._taught: dict[tuple[str, str], tuple[str, int]] = {}

    def accepted(self, facts: Facts, examined: Examined, organisation: Organisation) -> None:
        """This mail will be learnt, for each recipient that it is delivered to."""
        if facts.sender is None or len(self._waiting) >= NOTED or not self._may_teach(facts):
            return
        taught = teachings(facts, examined, organisation)
        if taught:
            self._waiting[facts.origin.tenant, facts.mail_id] = (facts.now, taught)

    def left(self, tenant: str, mail_id: str, addresses: Iterable[str]) -> None:
        """The mail was delivered to these addresses."""
        found = self._waiting.get((tenant, mail_id))
        gone = {address.lower() for address in addresses}
        if found is None:
            if len(self._gone) < NOTED:
                self._gone.setdefault((tenant, mail_id), set()).update(gone)
            return
        for address in gone & found[1].keys():
            self._learn(tenant, found[1].pop(address))
        if not found[1]:
            del self._waiting[tenant, mail_id]

    def arrived(self, facts: Facts, examined: Examined) -> None:
        """An arriving mail was delivered."""
        if habits := examined.lesson.habits:
            shown = {aspect: {value: 1.0} for aspect, value in habits.items()}
            author = without_tag(examined.summary.author.lower())
            self._learn(facts.origin.tenant, [(HABIT, author, shown)])
        name = thread_name(examined.summary.message_id)
        if name:
            lesson, author = examined.lesson, examined.summary.author.lower()
            people = (author, *lesson.visible, *(r.lower() for r in facts.envelope.recipients))
            counts = {"people": dict.fromkeys(filter(None, people), 1.0), "from": {author: 1.0}}
            if lesson.reply_to and lesson.reply_to != author:
                counts["reply_to"] = {lesson.reply_to: 1.0}
            if examined.warned:
                counts["warned"] = {"yes": 1.0}
            named = () if examined.warned or not lesson.proved else (author, *lesson.visible)
            counts["came"] = dict.fromkeys(("", *named), 1.0)
            self._learn(facts.origin.tenant, [(THREAD, name, counts)])

    async def flush(self) -> None:
        """Write what was learnt; after a StoreError it is noted still."""
        now = self._clock()
        late = {key: w for key, (at, w) in self._waiting.items() if now - at > SOON}
        if not (late or self._noted or self._gone):
            return
        (noted, self._noted), (gone, self._gone) = (self._noted, {}), (self._gone, {})

        def operation(transaction: Transaction) -> list[Key]:
            learnt = {key: joined({}, counts) for key, counts in noted.items()}
            for (tenant, mail_id), addresses in gone.items():
                take_up(transaction, tenant, mail_id, addresses, learnt, now)
            for key, counts in kept(transaction, learnt).items():
                learnt[key] = joined(counts, learnt[key])
            rows = [
                row_of(key, msgspec.json.encode(bounded(counts)), now)
                for key, counts in sorted(learnt.items())
            ]
            rows += [
                row_of((t, PENDING, m), msgspec.json.encode(w), now) for (t, m), w in sorted(late.items())
            ]
            transaction.executemany(KEEP, rows)
            return list(learnt)

        try:
            written = await self._database.write(operation)
        except BaseException:
            self._noted = {
                key: joined(noted.get(key, {}), self._noted.get(key, {})) for key in noted | self._noted
            }
            self._gone = {key: gone.get(key, set()) | self._gone.get(key, set()) for key in gone | self._gone}
            raise
        for mail in late:
            self._waiting.pop(mail, None)
        for key in written:
            self._recent.forget(key)

    async def about(
        self,
        tenant: str,
        login: str,
        recipients: Iterable[str],
        answers: Iterable[str],
        organisation: Organisation,
    ) -> Acquaintances | None:
        """What concerns these external recipients, and the mail with one of the Message-IDs that this one answers; None when
        there are neither. Raises StoreError."""
        addresses = {without_tag(address) for address in recipients}
        names = [name for name in map(thread_name, answers) if name]
        if not addresses and not names:
            return None
        domains = {organisational(domain_of(address)) for address in addresses}
        found = await self._rows(
            tenant,
            [
                *((ADDRESS, a) for a in addresses),
                *((DOMAIN, d) for d in domains),
                *((THREAD, n) for n in names),
            ],
        )
        strange = {d for d in domains if not found.get((DOMAIN, d))}
        called = {a: surnames(a, tuple(values_of(found.get((ADDRESS, a)), "names"))) for a in addresses}
        more = await self._rows(
            tenant,
            [
                *((SURNAME, s) for each in called.values() for s in each),
                *((END, e) for d in strange for e in ends(d, 1)),
            ],
        )
        others = {
            address: [
                o for s in called[address] for o in values_of(more.get((SURNAME, s)), "at") if o != address
            ]
            for address in addresses
        }
        alike = {
            d: candidates(
                d, (o for e in ends(d, 1) for o in values_of(more.get((END, e)), "of")), organisation
            )
            for d in strange
        }
        rest = {(ADDRESS, o) for several in others.values() for o in several[:20]}
        rest |= {(DOMAIN, d) for several in alike.values() for d in several}
        for address in addresses:  # the same mailbox where it may have been meant to be
            at = alike.get(organisational(domain_of(address)), ())
            rest |= {(ADDRESS, f"{address.rpartition('@')[0]}@{d}") for d in at}
        rest |= {(DOMAIN, organisational(domain_of(o))) for _, o in rest if "@" in o}
        found |= await self._rows(tenant, sorted(rest - found.keys()))
        today = scale(self._clock())
        known = {key: acquaintance(counts, login, today) for key, counts in found.items() if counts}

        def often(address: str) -> float:
            return -known[ADDRESS, address].mine if (ADDRESS, address) in known else 0.0

        threads = [thread_of(counts) for name in names if (counts := found.get((THREAD, name)))]
        return Acquaintances(
            {name: each for (kind, name), each in known.items() if kind == ADDRESS},
            {name: each for (kind, name), each in known.items() if kind == DOMAIN},
            {d: tuple(several) for d, several in alike.items() if several},
            {
                a: tuple(sorted(dict.fromkeys(several[:20]), key=often))
                for a, several in others.items()
                if several
            },
            threads[0] if threads else None,
            tuple(each for name in names for each in stood(found.get((THREAD, name)))),
        )

    async def of_arriving(
        self,
        tenant: str,
        message_ids: Iterable[str],
        domains: Iterable[str],
        organisation: Organisation,
        author: str = "",
    ) -> tuple[dict[str, Thread], dict[str, tuple[str, ...]]]:
        """Those of these Message-IDs that mail of ours had, with that mail (what came from outside under one of them may be
        anybody's); and for each of these organisational domains to which nobody wrote, the known ones that look like it.
        What `habits` tells of the author is read with it. Raises StoreError."""
        names = {each: name for each in message_ids if (name := thread_name(each))}
        asked = {d for d in domains if ends(d, 1) and not organisation.group(f"@{d}")}
        found = await self._rows(
            tenant,
            [
                *((THREAD, n) for n in names.values()),
                *((DOMAIN, d) for d in asked),
                *([(HABIT, without_tag(author.lower()))] if author else []),
            ],
        )
        threads = {each: thread_of(found.get((THREAD, name), {})) for each, name in names.items()}
        sent = {each: t for each, t in threads.items() if t.people and not t.author}
        strange = {d for d in asked if not found.get((DOMAIN, d))}
        more = await self._rows(tenant, [(END, e) for d in strange for e in ends(d, 1)]) if strange else {}
        alike = {
            d: tuple(
                candidates(
                    d, (o for e in ends(d, 1) for o in values_of(more.get((END, e)), "of")), organisation
                )
            )
            for d in strange
        }
        return sent, {d: several for d, several in alike.items() if several}

    async def habits(self, tenant: str, author: str) -> dict[str, dict[str, float]]:
        """How this author writes: aspect -> what their mail showed -> how often of late. Raises StoreError."""
        key, today = (HABIT, without_tag(author.lower())), scale(self._clock())
        counts = (await self._rows(tenant, [key]))[key]
        return {a: {value: count / today for value, count in each.items()} for a, each in counts.items()}

    async def learn(self, tenant: str, sent: Mapping[str, float]) -> None:
        """One of us wrote to these addresses (lower case) at these times, before this memory began. What is remembered
        already stays as it is. Raises StoreError."""
        wanted: dict[Key, Counts] = {}
        for address, at in sent.items():
            domain, count = organisational(domain_of(address)), scale(at)
            wanted[tenant, ADDRESS, without_tag(address)] = {"by": {"": count}}
            wanted[tenant, DOMAIN, domain] = {"by": {"": count}}
            for end in ends(domain):
                add(wanted.setdefault((tenant, END, end), {}), {"of": {domain: count}})
        keys = sorted(wanted)
        for start in range(0, len(keys), MANY):
            part = {key: wanted[key] for key in keys[start : start + MANY]}
            await bound(self._database, tenant).write(lambda t, p=part: add_missing(t, p, self._clock()))  # type: ignore[misc]
        self._recent.forget()

    async def sweep(self, now: float) -> None:
        """Forget what is old, and more of a tenant that has too much. Raises StoreError."""

        def operation(transaction: Transaction) -> None:
            for kind in (ADDRESS, DOMAIN, SURNAME, END, THREAD, PENDING, HABIT):
                transaction.execute(_FORGET, {"kind": kind, "before": now - AGES.get(kind, AGE)})
            for row in transaction.execute(_TENANTS):
                if row["number"] > MOST:
                    over = {"tenant": row["tenant"], "number": row["number"] - MOST}
                    transaction.execute(_OLDEST, over)

        await self._database.write(operation)

    def _may_teach(self, facts: Facts) -> bool:
        key = (facts.origin.tenant, facts.origin.login)
        day, count = self._taught.get(key, ("", 0))
        count = (count if day == facts.day else 0) + len(facts.envelope.forward_paths)
        if len(self._taught) > NOTED:
            self._taught.clear()
        self._taught[key] = (facts.day, count)
        return count <= OF_ONE

    def _learn(self, tenant: str, rows: Taught) -> None:
        today = scale(self._clock())
        for kind, name, counts in rows:
            key = (tenant, kind, name)
            if key in self._noted or len(self._noted) < NOTED:
                add(self._noted.setdefault(key, {}), counts, today)

    async def _rows(self, tenant: str, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Counts]:
        """The counts of these kinds and names; those of which nothing is known are empty."""
        found: dict[tuple[str, str], Counts] = {}
        missing: list[tuple[str, str]] = []
        for kind, name in dict.fromkeys(wanted):
            recent = self._recent.get((tenant, kind, name))
            if recent is None:
                missing.append((kind, name))
            else:
                found[kind, name] = recent[0]
        for start in range(0, len(missing), MANY):
            part = missing[start : start + MANY]
            rows = await bound(self._database, tenant).read(lambda t, p=part: read(t, tenant, p))  # type: ignore[misc]
            for key in part:
                found[key] = rows.get(key, {})
                self._recent.keep((tenant, *key), found[key], KNOWN_AGE if found[key] else UNKNOWN_AGE)
        return {
            key: joined(counts, self._noted.get((tenant, *key), {}))
            if (tenant, *key) in self._noted
            else counts
            for key, counts in found.items()
        }
