"""The notice to a sender: short, bilingual by person, answered by no machine, and without secrets."""

import email
import time
from datetime import datetime
from email import policy as email_policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.cases import Waits
from config.policy import Policy
from filters.examined import Examined
from gateway.demo.samples import docx
from quarantine.item import State
from quarantine.letters.on_hold import held
from quarantine.store import Query
from tests.gateway.test_app import SATO, TARO, mail
from tests.quarantine.items import item
from tests.services.node import policy_of, site


def with_document() -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = (
        TARO,
        SATO,
        "販売計画の件",
        "<n@x>",
    )
    message.set_content("資料です。\n")
    message.add_attachment(docx("社外秘"), maintype="application", subtype="msword", filename="計画.docx")
    return message.as_bytes()


async def test_the_sender_learns_what_waits_and_where_to_act(tmp_path: Path) -> None:
    async with site(tmp_path, notices={"held": True}) as here:
        code, text = await here.send(TARO, [SATO], with_document())
        assert code == 250, text
        (caught,) = await here.caught(1)
        node = here.node
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        secret = node.secrets.open(held.secret, aad=held.mail_id.encode()).decode()
        notice = email.message_from_bytes(caught.content, policy=email_policy.default)
        assert caught.reverse_path == "<>"
        assert caught.recipients == (TARO,)
        assert notice["Auto-Submitted"] == "auto-generated"
        assert notice["Subject"] == "【送信保留】販売計画の件"
        body = notice.get_content()
        assert f"{here.node.console.url}/mail/{held.id}" in body
        assert SATO in body
        assert "所属部門長" in body
        assert "パスワード" in body
        assert secret not in caught.content.decode()
        assert secret not in body


async def test_no_notice_when_nothing_waits(tmp_path: Path) -> None:
    async with site(tmp_path, notices={"held": True}) as here:
        code, _ = await here.send(TARO, [TARO], with_document().replace(SATO.encode(), TARO.encode()))
        assert code == 250
        (caught,) = await here.caught(1)
        assert caught.reverse_path == TARO
        assert not await here.node.store.find(Query("default", direction="notice"))


async def test_each_waiting_copy_has_its_own_page(tmp_path: Path) -> None:
    """Two partners with passphrases of their own get copies of their own, and each is let go by itself."""
    async with site(tmp_path, notices={"held": True}) as here:
        node = here.node
        await node.vault.add(
            "default",
            "client.example.net",
            "kumquat-Ridge-48-lantern-Osprey",
            note="by telephone",
            by="admin",
        )
        other = "ito@other.example.org"
        content = with_document().replace(SATO.encode(), f"{SATO}, {other}".encode())
        code, text = await here.send(TARO, [SATO, other], content)
        assert code == 250, text
        (caught,) = await here.caught(1)
        body = email.message_from_bytes(caught.content, policy=email_policy.default).get_content()
        held = await node.store.find(Query("default", state=(State.HELD,)))
        assert len(held) == 2
        pages = {line.strip() for line in body.splitlines()}
        assert {f"{here.node.console.url}/mail/{item.id}" for item in held} <= pages


async def test_times_are_those_of_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The zone is a setting and not that of the machine, which is often UTC; the page tells the same time."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    async with site(tmp_path, notices={"held": True}) as here:
        await here.send(TARO, [SATO], mail(SATO))
        (caught,) = await here.caught(1)
        (held,) = await here.node.store.find(Query("default", state=(State.HELD,)))
        body = email.message_from_bytes(caught.content, policy=email_policy.default).get_content()
        leaves = datetime.fromtimestamp(held.accepted_at + 300, ZoneInfo("Asia/Tokyo"))
        assert f"{leaves:%H:%M:%S}（UTC+0900）" in body
    monkeypatch.undo()
    time.tzset()


async def test_a_rule_that_only_tells_holds_nothing_and_its_finding_is_told(tmp_path: Path) -> None:
    policy = policy_of()
    rules = {
        **policy.rules,
        "external_recipient": msgspec.structs.replace(policy.rules["external_recipient"], mode="tell"),
    }
    async with site(tmp_path, msgspec.structs.replace(policy, rules=rules)) as here:
        code, text = await here.send(TARO, [SATO], mail(SATO, "本文です。").replace(b"\n", b"\r\n"))
        assert code == 250, text
        first, second = sorted(await here.caught(2), key=lambda caught: caught.recipients != (SATO,))
        assert (first.recipients, second.recipients) == ((SATO,), (TARO,))
        told = email.message_from_bytes(second.content, policy=email_policy.default)
        assert told["Subject"].startswith("【お知らせ】")
        assert "社外" in told.get_content()


EIGHT = [f"p{n}@c{n % 4}.example.net" for n in range(8)]


def hiding(then: str, delay: str) -> Policy:
    policy = policy_of()
    rules = {
        **policy.rules,
        "many_external": msgspec.structs.replace(policy.rules["many_external"], then=then),
        "external_recipient": msgspec.structs.replace(policy.rules["external_recipient"], then=delay),
    }
    return msgspec.structs.replace(policy, rules=rules)


@pytest.mark.parametrize("then", ["bcc", "one copy each"])
async def test_the_letter_says_that_to_was_changed_and_for_whom(tmp_path: Path, then: str) -> None:
    async with site(tmp_path, hiding(then, "delay 5m"), notices={"held": True}) as here:
        await here.send(TARO, EIGHT, mail(", ".join(EIGHT)))
        (caught,) = await here.caught(1)
        body = email.message_from_bytes(caught.content, policy=email_policy.default).get_content()
        assert all(address in body for address in EIGHT)
        assert body.count("宛先：") == 1
        assert ("宛先ごとに1通" in body) is (then == "one copy each")
        assert ("Bccに変えて" in body) is (then == "bcc")


@pytest.mark.parametrize("then", ["bcc", "one copy each"])
async def test_who_sends_at_once_hears_it_too(tmp_path: Path, then: str) -> None:
    async with site(tmp_path, hiding(then, "observe")) as here:
        await here.send(TARO, EIGHT, mail(", ".join(EIGHT)))
        caught = await here.caught(9 if then == "one copy each" else 2)
        (told,) = [c for c in caught if c.recipients == (TARO,)]
        letter = email.message_from_bytes(told.content, policy=email_policy.default)
        assert letter["Subject"].startswith("【宛先の変更】")
        assert all(address in letter.get_content() for address in EIGHT)
        assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("changes", "says", "says_not"),
    [
        ({}, "宛先ごとにもできます", "前倒し"),
        ({"recipients": item("a@x.example").recipients}, "今すぐ送信", "宛先ごと"),
        ({"fixed": 300}, "前倒しの送信はできません", "今すぐ送信"),
        ({"fixed": 60}, "今すぐ送信", "前倒し"),
        ({"approvals": ("president",)}, "取り消しは、次のページで", "今すぐ送信"),
        ({"not_before": 1000.0 + 90_005}, "1970年1月2日 10:16", "UTC"),
    ],
)
def test_the_letter_names_only_what_its_sender_can_do(
    changes: dict[str, Any], says: str, says_not: str
) -> None:
    one = item(**{"delay": 305, "accepted_at": 1000.0, **changes})
    letter = held(
        [one], Examined(), "ja", console="https://c.example", timezone="Asia/Tokyo", margin=5, usual=Waits()
    )
    assert says in letter.text
    assert says_not not in letter.text
    assert f"https://c.example/mail/{one.id}" in letter.text


@pytest.mark.parametrize(
    ("changes", "usual", "says"),
    [
        ({"delay": 305}, Waits(), ""),
        ({"delay": 10**9}, Waits(), "not sent"),
        ({"delay": 10**9}, Waits("send", 1), "sent automatically on 2 Jan 1970, 09:16"),
        ({"delay": 10**9}, Waits("escalate"), "by 11 Jan 1970, 09:16, an administrator will decide"),
        ({"delay": 10**9, "untouched": Waits("return", 2)}, Waits("send"), "by 3 Jan 1970, 09:16"),
        ({"approvals": ("president",)}, Waits("send"), "not sent"),
        ({"approvals": ("president",)}, Waits("escalate"), "the next approver in line"),
        ({"holds": ("x",)}, Waits("send"), "sent automatically"),
        ({"holds": ("unexaminable",)}, Waits("send"), "not sent"),
        ({"holds": ("x",)}, Waits("escalate"), "not sent"),
    ],
)
def test_the_letter_says_how_it_ends_for_which_nobody_does_anything(
    changes: dict[str, Any], usual: Waits, says: str
) -> None:
    one = item(**{"accepted_at": 1000.0, "delay": 300, **changes})
    letter = held(
        [one], Examined(), "en", console="https://c.example", timezone="Asia/Tokyo", margin=5, usual=usual
    )
    assert says in letter.text
    assert ("If nobody" in letter.text) is bool(says)
