"""Explaining a mail: the same answer as the checkpoint's, in words."""

import asyncio
import time
from pathlib import Path

import msgspec
import pytest

from config.cases import Case, Group, Recipients, Staff, When
from config.policy import Risk, RulePolicy
from config.settings import Settings
from directory.account import Account
from directory.correspondents import Correspondents
from directory.listings import Listings
from directory.past_mail import PastMail
from directory.people import People
from directory.vault import Vault
from filters.examine import run
from filters.examined import Examined, Lesson, Summary
from filters.facts import Authentication, Facts, Origin
from filters.listing import ADDRESS, ALLOW
from filters.ruleset import Prepared
from gateway.command.explain import explain, readable
from gateway.command.operator import opened
from gateway.fact_finding import ArrivingFacts, LeavingFacts
from gateway.released import Released
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from storage.day_seal import DaySeal
from storage.seal import open_seal
from tests.filters.mails import facts
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.services.node import policy_of


def test_recipients_and_author_come_from_the_header_unless_given() -> None:
    answer = explain(mail(f"{HANAKO}, {SATO}").replace(b"\n", b"\r\n"), policy_of(), "outbound")
    assert answer["from"] == TARO
    assert [c["recipients"] for c in answer["copies"]] == [[HANAKO], [SATO]]
    assert answer["disposition"] == "hold"
    told = readable(answer)
    assert "OUT-DELAY" in told
    assert f"copy for {HANAKO}: leaves as it came" in told
    alone = explain(mail(SATO), policy_of(), "outbound", recipients=[HANAKO])
    assert alone["disposition"] == "deliver"


def test_damage_is_told() -> None:
    answer = explain(b"garbage", policy_of(), "inbound", recipients=[TARO])
    assert answer["problems"]
    assert "damage" in readable(answer)


def test_it_says_what_would_change_the_verdict() -> None:
    answer = explain(mail(SATO, "社外秘\n").replace(b"\n", b"\r\n"), policy_of(), "outbound")
    assert answer["disposition"] == "reject"
    without = {change["rule"]: change for change in answer["without"]}
    assert without["confidential_body"]["disposition"] == "hold"
    assert "confidential_body" in without["confidential_body"]["gone"]
    assert without["external_recipient"]["gone"] == "delay=300"
    assert "without confidential_body: HOLD" in readable(answer)


def test_an_arriving_mail_is_told_what_its_weights_are_compared_with() -> None:
    raw = f"From: {SATO}\r\nTo: {TARO}\r\nSubject: a\r\n\r\nhello\r\n".encode()
    answer = explain(raw, policy_of(), "inbound")
    assert f"warned from {answer['warn_at']}, held from {answer['hold_at']}" in readable(answer)


def test_it_names_the_case_and_what_else_could_have_been() -> None:
    cases = (
        Case(When(sender="hr", to="koyo"), "delay 1m", name="hr writes to koyo"),
        Case(When(size_over="20 MB"), "delay until released"),
    )
    policy = msgspec.structs.replace(
        policy_of(), version="abc",
        groups={
            "hr": Group(people=Staff(department="hr")),
            "koyo": Group(recipients=Recipients(addresses=SATO)),
        },
        rules={**policy_of().rules, "external_recipient": RulePolicy("delay 5m", cases=cases)},
    )  # fmt: skip
    raw = mail(SATO).replace(b"\n", b"\r\n")
    unknown = explain(raw, policy, "outbound")
    assert unknown["copies"][0]["verdict"]["delay"] == 300
    assert [each["by"] for each in unknown["otherwise"]] == ["hr writes to koyo", "case 2"]
    known = explain(raw, policy, "outbound", people=[Account("taro", addresses=(TARO,), department="hr")])
    assert known["copies"][0]["verdict"]["delay"] == 60
    told = readable(known)
    assert "external_recipient: delay 1m by hr writes to koyo" in told
    assert "external_recipient would be delay until released by case 2: size_over = 20 MB" in told
    assert "policy abc" in told


def test_it_remembers_what_the_node_does(tmp_path: Path) -> None:
    """Somebody new at a partner to whom the sender writes; known once a mail to them left."""
    settings = Settings(state_dir=tmp_path, hostname="mx.example.co.jp")
    raw, people = mail(SATO).replace(b"\n", b"\r\n"), [Account("taro", addresses=(TARO,))]

    def known() -> list[str]:
        answer = explain(raw, policy_of(), "outbound", people=people, settings=settings)
        return [each["rule"] for each in answer["findings"]]

    assert "first_time" not in known(), "no node ran: nobody is called unknown"
    assert not list(tmp_path.iterdir()), "and no database is made"

    async def passed(address: str) -> None:
        async with opened(settings) as store:
            memory, correspondents = PastMail(store.database), Correspondents(store.database, learning=0)
            told = facts(address, mail_id="m1", day="2026-11-29", now=time.time())
            told = msgspec.structs.replace(told, origin=msgspec.structs.replace(told.origin, login="taro"))
            examined = Examined(summary=Summary(message_id="<1@x>"), lesson=Lesson(visible=(address,)))
            memory.accepted(told, examined, policy_of().organisation)
            memory.left("default", "m1", [address])
            await memory.flush()
            correspondents.note_sent("default", [address])
            await correspondents.flush()
            since = {"since": time.time() - 90 * 86_400}
            await store.database.write(
                lambda t: t.execute("UPDATE correspondents SET sent_at = :since", since)
            )

    asyncio.run(passed("other@" + SATO.partition("@")[2]))
    assert "first_time" in known()
    asyncio.run(passed(SATO))
    assert "first_time" not in known()


def test_the_factors_of_the_risk_are_added_up() -> None:
    rules = {**policy_of().rules, "many_external": RulePolicy("warn", 4, {"domains": 1})}
    policy = msgspec.structs.replace(policy_of(), rules=rules, risk=Risk(4))
    answer = explain(mail(SATO).replace(b"\n", b"\r\n"), policy, "outbound")
    assert answer["risk"]["factors"] == [{"rule": "many_external", "points": 4, "about": [], "meant": ""}]
    told = readable(answer)
    assert "risk 4: 4 many_external" in told
    assert "from 4 on: review" in told
    assert "risk: review" in told


ABROAD = "suzuki@partner.example.com"


async def _furnished(settings: Settings, now: float) -> None:
    """A node's memory, with something for each kind of fact."""
    async with opened(settings) as store:
        database, people = store.database, People(store.database)
        for account in (
            Account("taro", {"ja": "山田太郎"}, (TARO,), department="sales", language="en"),
            Account(
                "hanako",
                {"ja": "鈴木花子"},
                (HANAKO,),
                department="sales",
                head_of=("sales",),
                private=(ABROAD,),
            ),
        ):
            await people.save(account, now)
        people.close()
        memory, correspondents = PastMail(database), Correspondents(database, learning=0)
        told = facts(SATO, mail_id="m0", day="2026-11-29", now=now)
        told = msgspec.structs.replace(told, origin=msgspec.structs.replace(told.origin, login="taro"))
        seen = Examined(summary=Summary(message_id="<0@x>"), lesson=Lesson(visible=(SATO,)))
        memory.accepted(told, seen, policy_of().organisation)
        memory.left("default", "m0", [SATO])
        await memory.flush()
        correspondents.note_sent("default", [SATO])
        correspondents.locked.note("default", "taro", ["a.zip"], [SATO])
        await correspondents.flush()
        await Listings(database, lambda: now).add(
            "default",
            list=ALLOW,
            kind=ADDRESS,
            subject=SATO,
            reason="known",
            owner="admin",
            expires_at=now + 86_400,
        )
        seal = await open_seal(settings.seal_key, database)
        vault = Vault(database, DaySeal(seal), lambda tenant: 70)
        await vault.add("default", SATO.partition("@")[2], "kN7%vRq2wLx9#Tz", note="phone", by="admin")


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
def test_it_judges_by_the_facts_that_the_gateway_has(
    direction: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind: people, superiors, colleagues, private addresses, correspondents, memory, lists, agreements, languages, the
    names of our people in the policy."""
    settings, now = Settings(state_dir=tmp_path, hostname="mx.example.co.jp"), time.time()
    asyncio.run(_furnished(settings, now))
    policy = policy_of(groups={"sales": Group(people=Staff(department=("sales",)))})
    to = (SATO, ABROAD, HANAKO) if direction == "outbound" else (TARO, HANAKO)
    author = TARO if direction == "outbound" else SATO
    raw = mail(SATO, sender=author).replace(b"\n", b"\r\n")
    asked: list[tuple[Facts, Prepared]] = []

    def noted(raw: bytes, facts: Facts, prepared: Prepared) -> Examined:
        asked.append((facts, prepared))
        return run(raw, facts, prepared)

    monkeypatch.setattr("gateway.command.explain.run", noted)
    people = [Account("taro", addresses=(TARO,))]
    explain(raw, policy, direction, sender=author, recipients=to, people=people, settings=settings)
    ours, prepared = asked[0]

    async def of_gateway() -> Facts | None:
        async with opened(settings) as store:
            database, clock = store.database, lambda: ours.now
            people = People(database)
            correspondents, past = Correspondents(database), PastMail(database, clock)
            origin = Origin("submission", "192.0.2.1", login="taro" if direction == "outbound" else "")
            envelope = Envelope(author, tuple(map(ForwardPath, to)))
            seal = await open_seal(settings.seal_key, database)
            try:
                if direction == "outbound":
                    leaving = LeavingFacts(
                        people, correspondents, past, Vault(database, DaySeal(seal), lambda tenant: 70, clock=clock), lambda tenant: policy, clock, lambda tenant: "UTC"
                    )  # fmt: skip
                    return await leaving.find(origin, envelope, Message(raw))

                async def unproved(*_: object) -> Authentication:
                    return Authentication()

                arriving = ArrivingFacts(
                    people, correspondents, past, Listings(database, clock), Released(store, seal), unproved, lambda tenant: policy, clock, lambda tenant: "UTC",
                    authserv_id=settings.hostname, console=lambda tenant: settings.console.base_url.rstrip("/"),
                )  # fmt: skip
                return await arriving.find(origin, envelope, Message(raw))
            finally:
                people.close()

    theirs = asyncio.run(of_gateway())
    assert theirs is not None
    apart = {"origin", "mail_id", "fresh_passphrase", "working", "day", "opens"}
    for field in (f for f in Facts.__struct_fields__ if f not in apart):
        assert getattr(ours, field) == getattr(theirs, field), field
    told = ("sender", "known", "memory", "passphrases", "private", "colleagues", "locked_lately") if direction == "outbound" else (
        "known", "familiar", "listed", "languages", "colleagues"
    )  # fmt: skip
    assert all(getattr(theirs, field) for field in told), "something of each kind was there to be found"
    assert "山田太郎" in str(prepared.policy.organisation)
