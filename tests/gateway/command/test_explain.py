"""Explaining a mail: the same answer as the checkpoint's, in words."""

import asyncio
import time
from pathlib import Path

import msgspec

from config.cases import Case, Group, Recipients, Staff, When
from config.policy import Risk, RulePolicy
from config.settings import Settings
from directory.account import Account
from directory.correspondents import Correspondents
from directory.past_mail import PastMail
from filters.examined import Examined, Lesson, Summary
from gateway.command.explain import explain, readable
from gateway.command.operator import opened
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
