"""No mail waits for somebody who cannot or does not answer: a real client in, the next in line at the console, a real
Postfix out (OUT-APPROVE)."""

import re
from collections.abc import Iterator

import pytest

from directory.account import Account, Role
from quarantine.item import Item, State
from tests.interop.mails import HANAKO, SATO, TARO, parsed, with_files, word
from tests.services.node import ACCOUNTS, DOMAIN
from tests.services.postfix import Postfix, postfix
from tests.services.programs import wait_for
from tests.services.served import Served, at, served

PRESIDENT = f"president@{DOMAIN}"
PEOPLE = (
    *ACCOUNTS,
    Account(
        "president", {"ja": "社長", "en": "The President"}, (PRESIDENT,), roles=(Role.USER, Role.PRESIDENT), language="en",
    ),
)  # fmt: skip
ALWAYS = """
[calendar]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
opens = 00:00:00
closes = 23:59:59
holidays = ""
"""
SECONDS = 1 / 3600


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    ours = ["taro", "hanako", "admin", "president"]
    with postfix({DOMAIN: ours, SATO.rpartition("@")[2]: ["sato"]}) as running:
        yield running


@pytest.fixture(scope="module")
def node(server: Postfix) -> Iterator[Served]:
    """Where an hour of business is a second."""
    hop = at(server.port, tls="encrypt")
    approval = {"letters_seconds": 0, "remind_hours": 4 * SECONDS, "alert_hours": 9 * SECONDS}
    with served(ALWAYS, accounts=PEOPLE, relay=hop, mailbox=hop, approval=approval) as running:
        yield running


def submit(node: Served, login: str, mark: str) -> tuple[Item, bytes]:
    """A document with a mark, sent by somebody; what waits of it."""
    raw = with_files(
        ("計画.docx", word(f"{mark}\n来期の計画")),
        to=SATO,
        sender=f"{login}@{DOMAIN}",
        subject=f"{login} の計画",
    )
    code, text = node.send(f"{login}@{DOMAIN}", [SATO], raw, login=login)
    assert code == 250, text
    found = re.search(r"Accepted as (\w+)", text)
    assert found
    (item,) = node.items(mail_id=found[1], direction="outbound", state=(State.HELD,))
    return item, raw


def asked(node: Served, item: Item, who: str) -> Item:
    """The item once it asks them."""
    assert wait_for(lambda: node.items(mail_id=item.mail_id, direction="outbound")[0].approvals == (who,))
    return node.items(mail_id=item.mail_id, direction="outbound")[0]


def told(server: Postfix, address: str, *words: str) -> bool:
    """Whether somebody gets a letter in which all these words stand."""

    def found() -> bool:
        letters = [parsed(raw) for raw in server.mails(address) if b"Auto-Submitted: auto-generated" in raw]
        return any(all(word in each["Subject"] + each.get_content() for word in words) for each in letters)

    return wait_for(found)


def left(server: Postfix, raw: bytes) -> bool:
    identifier = str(parsed(raw)["Message-ID"]).encode()
    return wait_for(lambda: any(identifier in each for each in server.mails(SATO)))


def test_a_heads_own_mail_is_the_presidents_to_approve(node: Served, server: Postfix) -> None:
    item, raw = submit(node, "hanako", "社外秘")
    assert item.approvals == ("department_head",)
    item = asked(node, item, "president (next in line)")
    assert told(server, PRESIDENT, "[Approval needed]", "President")
    assert node.console("hanako").act(item, "approve", bound=item.bound).status_code in (403, 404)
    assert node.console("president").approve(item).status_code == 303
    assert told(server, HANAKO, "【承認】")
    node.console("hanako").send_now(item)
    assert left(server, raw)


def test_the_presidents_own_mail_goes_to_the_last_in_line_who_says_why(node: Served, server: Postfix) -> None:
    item, raw = submit(node, "president", "極秘")
    item = asked(node, item, "approver (last in line)")
    assert told(server, HANAKO, "【承認依頼】", "送信者：社長")
    hanako = node.console("hanako")
    assert hanako.approve(item).status_code == 400, "a reason has to be typed"
    assert hanako.approve(item, "取締役会の議事録で確認").status_code == 303
    assert told(server, PRESIDENT, "[Approved]", "取締役会の議事録で確認")
    node.console("president").send_now(item)
    assert left(server, raw)


def test_after_nine_hours_of_business_the_next_in_line_is_asked(node: Served, server: Postfix) -> None:
    item, raw = submit(node, "taro", "社外秘")
    assert told(server, HANAKO, "【承認依頼】", "山田太郎")
    assert told(server, HANAKO, "【再通知】", "山田太郎")
    item = asked(node, item, "president (next in line)")
    assert told(server, HANAKO, "【承認依頼の終了】", "山田太郎")
    assert told(server, TARO, "新しい依頼先は社長です")
    assert node.console("hanako").act(item, "approve", bound=item.bound).status_code in (403, 404)
    assert "taro の計画" in node.console("president").read("/approvals?lang=ja")
    assert node.console("president").approve(item, "Fine.").status_code == 303
    assert told(server, TARO, "【承認】", "Fine.")
    node.console("taro").send_now(item)
    assert left(server, raw)


def test_where_nobody_comes_next_the_administrators_hear_and_it_stays_held(
    node: Served, server: Postfix
) -> None:
    """極秘 asks the president alone: a president who is slow is not one who is missing."""
    item, _ = submit(node, "taro", "極秘")
    assert told(server, f"admin@{DOMAIN}", "【承認遅延】", "山田太郎", "社長")
    assert asked(node, item, "president").state is State.HELD
    assert node.console("president").act(item, "deny", comment="Not now.").status_code == 303
    assert told(server, TARO, "【却下】", "Not now.", "もう一度送信してください")
    assert "Traceback" not in node.log
