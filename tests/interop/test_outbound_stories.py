"""One story for each control of outgoing mail: a real client in, people at the console in both languages, a real Postfix out.

What other files tell from end to end: test_stories.py (one copy each, devices), test_self_review.py.
"""

import datetime
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from directory.account import Account, Role
from gateway.command.cli import main
from quarantine.item import Item, State
from tests.filters.ordinary import JA, sentences
from tests.interop.mails import HANAKO, SATO, SUZUKI, TARO, attach, files_of, mail, parsed, with_files, word
from tests.services.node import ACCOUNTS, DOMAIN
from tests.services.postfix import Postfix, postfix
from tests.services.programs import private_directory, wait_for
from tests.services.served import Served, at, served

JIRO, PRESIDENT = f"jiro@{DOMAIN}", f"president@{DOMAIN}"
GUESTS = tuple(f"guest{n}@guests{n % 3}.example.net" for n in range(6))
KOYO, TYPED = "sato@koyo-denki.example", "sato@koyo-denkl.example"
PEOPLE = (
    *ACCOUNTS,
    Account("jiro", {"ja": "高橋次郎", "en": "Jiro Takahashi"}, (JIRO,), department="sales", language="en"),
    Account(
        "president", {"ja": "社長", "en": "The President"}, (PRESIDENT,), roles=(Role.USER, Role.PRESIDENT), language="en",
    ),
)  # fmt: skip
POLICY = f"""
[organisation.partners]
"{KOYO.rpartition("@")[2]}" = "光陽電機"
[[organisation.patterns]]
name = "計画アオバ"
words = ["計画アオバ", "Project Aoba"]
then = "approve department_head, then president"
[organisation.registered]
key_file = "{{folder}}/key"
files = ["{{folder}}/plans.index"]
[rules.registered_document]
then = "observe"  # its class decides, as the preset rulebook has it
"""
EXCEPTION = f"""
[groups.alumni]
recipients = {{ addresses = ["{SUZUKI}"] }}
[[exceptions]]
rule = "external_recipient"
when = {{ to = "alumni" }}
owner = "taro"
approved_by = "hanako"
reason = "同窓会報"
name = "alumni news"
until = """


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    domains: dict[str, list[str]] = {DOMAIN: ["taro", "hanako", "admin", "jiro", "president"]}
    for address in (SATO, SUZUKI, *GUESTS, KOYO, TYPED):
        user, _, domain = address.partition("@")
        domains.setdefault(domain, []).append(user)
    with postfix(domains) as running:
        yield running


@pytest.fixture(scope="module")
def plans() -> Iterator[Path]:
    """A folder of plans, registered as 極秘."""
    with private_directory("plans") as folder:
        (folder / "plans").mkdir()
        (folder / "plans" / "計画.txt").write_text("\n".join(sentences(JA, 60)))
        assert main(["register", "key", str(folder / "key")]) == 0
        told = ["--class", "極秘", "--key", str(folder / "key"), "--out", str(folder / "plans.index")]
        assert main(["register", "document", str(folder / "plans"), *told]) == 0
        yield folder


@pytest.fixture(scope="module")
def node(server: Postfix, plans: Path) -> Iterator[Served]:
    hop = at(server.port, tls="encrypt")
    policy = POLICY.format(folder=plans)
    with served(policy, accounts=PEOPLE, relay=hop, mailbox=hop, approval={"letters_seconds": 0}) as running:
        yield running


def submit(node: Served, raw: bytes, *to: str) -> list[Item]:
    """The items of the mail that wait."""
    code, text = node.send(TARO, list(to), raw)
    assert code == 250, text
    found = re.search(r"Accepted as (\w+)", text)
    assert found
    return node.items(mail_id=found[1], direction="outbound", state=(State.HELD,))


def both(node: Served, login: str, path: str) -> tuple[str, str]:
    """A page in Japanese and in English; in both its forms can be sent."""
    page = node.console(login)
    return page.read(f"{path}?lang=ja"), page.read(f"{path}?lang=en")


def letter(server: Postfix, address: str, *words: str) -> EmailMessage:
    """The letter to somebody in whose subject or text all these words stand."""

    def found() -> list[EmailMessage]:
        letters = [parsed(raw) for raw in server.mails(address) if b"Auto-Submitted: auto-generated" in raw]
        return [each for each in letters if all(w in each["Subject"] + each.get_content() for w in words)]

    assert wait_for(lambda: bool(found())), [str(parsed(raw)["Subject"]) for raw in server.mails(address)]
    return found()[0]


def with_id(server: Postfix, address: str, message: EmailMessage | bytes, count: int = 1) -> list[bytes]:
    """What came of a mail to an address, once there are `count`."""
    identifier = str((parsed(message) if isinstance(message, bytes) else message)["Message-ID"]).encode()

    def found() -> list[bytes]:
        return [raw for raw in server.mails(address) if identifier in raw]

    assert wait_for(lambda: len(found()) >= count)
    return found()


def test_delay_one_of_two_recipients_is_recalled_and_the_other_gets_it(node: Served, server: Postfix) -> None:
    """OUT-DELAY: the hold counts from the 250; who is recalled gets nothing, and stands in no envelope."""
    message = mail(SATO, "お見積りです。\n", cc=SUZUKI)
    (item,) = submit(node, message.as_bytes(), SATO, SUZUKI)
    assert item.due_at == pytest.approx(item.accepted_at + item.delay)
    assert item.delay >= 300
    assert f"/mail/{item.id}" in letter(server, TARO, "【送信保留】", SUZUKI).get_content()
    ja, en = both(node, "taro", f"/mail/{item.id}")
    assert "一部の宛先を取り消す" in ja
    assert "Recall for some recipients" in en
    wrong = [r.path.address for r in item.recipients].index(SUZUKI)
    assert node.console("taro").act(item, "drop", recipient=[str(wrong)]).status_code == 303
    node.console("taro").send_now(item)
    assert with_id(server, SATO, message)
    assert wait_for(lambda: node.items(mail_id=item.mail_id, direction="outbound")[0].state is State.DONE)
    assert str(message["Message-ID"]).encode() not in b"".join(server.mails(SUZUKI))
    assert f"to=<{SUZUKI}>" not in server.log


def test_bcc_guests_do_not_learn_of_each_other_and_an_invitation_is_asked_about(
    node: Served, server: Postfix
) -> None:
    """OUT-BCC: no address in the delivered bytes; a meeting, which would break, waits for its sender's word."""
    message = mail(", ".join(GUESTS), "ご案内です。\n")
    (item,) = submit(node, message.as_bytes(), *GUESTS)
    assert "Bccに変えて送ります" in letter(server, TARO, GUESTS[0], GUESTS[5]).get_content()
    node.console("taro").send_now(item)
    for address in GUESTS:
        (copy,) = with_id(server, address, message)
        content = copy.partition(b"\n\n")[2] + copy[copy.index(b"From: ") :]
        assert not [other for other in GUESTS if other.encode() in content], address
    invitation = mail(", ".join(GUESTS[:3]), "打合せの件です。\n")
    calendar = "".join(f"ATTENDEE:mailto:{guest}\r\n" for guest in GUESTS[:3])
    event = f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nORGANIZER:mailto:{TARO}\r\n{calendar}END:VEVENT\r\nEND:VCALENDAR\r\n"
    attach(invitation, "invite.ics", event.encode(), "text/calendar")
    (asked,) = submit(node, invitation.as_bytes(), *GUESTS[:3])
    assert asked.due_at is None, "it waits for a word, not for a time"
    ja, en = both(node, "taro", f"/mail/{asked.id}")
    assert "invite.ics" in ja
    assert "The attached meeting invitation" in en
    assert node.console("taro").act(asked, "recall").status_code == 303
    identifier = str(invitation["Message-ID"]).encode()
    assert not [a for a in GUESTS[:3] if identifier in b"".join(server.mails(a))]


def test_approve_a_chain_with_a_deputy_and_letters_to_everybody(node: Served, server: Postfix) -> None:
    """OUT-APPROVE: head, in whose place a deputy decides, then president; each is told by a letter, and so is the sender."""
    message = mail(SATO, "計画アオバの日程をお送りします。\n", subject="日程")
    (item,) = submit(node, message.as_bytes(), SATO)
    assert item.approvals == ("department_head, then president",)
    told = letter(server, HANAKO, "【承認依頼】", "日程")
    assert "計画アオバの日程をお送りします" not in told.get_content(), "no content"
    assert "/approvals" in told.get_content()
    head, today = node.console("hanako"), datetime.datetime.now(datetime.UTC).date()
    form = {"delegate": "jiro", "action": ["approve"], "since": str(today), "reason": "出張",
            "until": str(today + datetime.timedelta(days=3)), "token": head.token}  # fmt: skip
    head.read("/delegations")
    assert head.client.post("/delegations", data=form | {"token": head.token}).status_code == 303
    assert "act for" in letter(server, JIRO, "[Delegation]").get_content()
    ja, en = both(node, "jiro", f"/mail/{item.id}")
    assert "鈴木花子" in ja
    assert "You are deciding on behalf of Hanako Suzuki" in en
    assert "waits for President" in en
    assert node.console("jiro").approve(item, "日程のみ、問題なし").status_code == 303
    assert "日程" in str(letter(server, PRESIDENT, "[Approval needed]").get_content())
    assert not with_id(server, SATO, message, 0)
    assert node.console("president").approve(item, "Fine.").status_code == 303
    outcome = letter(server, TARO, "【承認】", "Fine.")
    assert "日程" in outcome["Subject"]
    node.console("taro").send_now(item)
    assert with_id(server, SATO, message)
    by = [(e.actor, e.detail.get("for", "")) for e in node.entries("approve") if e.item == item.id]
    assert by == [("jiro", "hanako"), ("president", "")]


def test_missend_a_mistyped_domain_is_shown_and_the_corrected_mail_leaves(
    node: Served, server: Postfix
) -> None:
    """OUT-MISSEND: one letter off a partner's domain; recalled, corrected, sent."""
    wrong = mail(TYPED, "佐藤様\n承知いたしました。\n")
    (item,) = submit(node, wrong.as_bytes(), TYPED)
    assert item.self_review
    assert "/review" in letter(server, TARO, "【送信前の確認】", TYPED).get_content()
    ja, en = both(node, "taro", f"/mail/{item.id}/review")
    domain = KOYO.rpartition("@")[2]
    assert domain in ja
    assert "登録のない組織" in ja
    assert f"Did you mean {domain}" in en
    assert node.console("taro").act(item, "recall").status_code == 303
    right = mail(KOYO, "佐藤様\n承知いたしました。\n")
    (item,) = submit(node, right.as_bytes(), KOYO)
    assert not item.self_review
    node.console("taro").send_now(item)
    assert with_id(server, KOYO, right)
    assert server.mails(TYPED) == []


def test_private_address_is_held_and_its_sender_hears_that_it_was_discarded(
    node: Served, server: Postfix
) -> None:
    """OUT-PRIVATE: the people file says 山田太郎, and nothing of letters."""
    (item,) = submit(
        node, mail("yamada-t0412@gmail.com", subject="名簿").as_bytes(), "yamada-t0412@gmail.com"
    )
    assert item.holds == ("private_address",)
    ja, en = both(node, "taro", f"/mail/{item.id}")
    assert "私用" in ja or "個人" in ja
    assert "private" in en
    assert (
        node.console("admin")
        .act(item, "discard", reason="会社のメールでお願いします", tell="yes")
        .status_code
        == 303
    )
    outcome = letter(server, TARO, "【未送信】", "名簿").get_content()
    assert "会社のメールでお願いします" in outcome
    assert "yamada-t0412@gmail.com" in outcome
    assert "yamada-t0412@gmail.com" not in server.log


def test_class_a_registered_plan_needs_the_president(node: Served, server: Postfix, plans: Path) -> None:
    """OUT-CLASS: the class stands on the folder, in no file; 極秘 goes to the president alone."""
    raw = with_files(("book.docx", word((plans / "plans" / "計画.txt").read_text())), to=SATO)
    (item,) = submit(node, raw, SATO)
    assert item.approvals == ("president",)
    letter(server, PRESIDENT, "[Approval needed]", "registered")
    ja, en = both(node, "president", f"/mail/{item.id}")
    assert "登録された文書「計画.txt」" in ja
    assert "approval (President)" in en
    assert node.console("hanako").client.get(f"/mail/{item.id}").status_code == 404, "the president alone"
    assert node.console("president").approve(item).status_code == 303
    node.console("taro").send_now(item)
    (copy,) = with_id(server, SATO, raw)
    assert list(files_of(copy)) == ["attachments.zip"], "and encrypted"


def test_pii_a_list_of_people_needs_the_head_and_a_refusal_is_told(node: Served, server: Postfix) -> None:
    """OUT-PII: sixty people in a table."""
    people = [f"山田{n}郎,東京都港区{n % 9 + 1}-{n}-1,090-1234-{n:04}" for n in range(10, 70)]
    raw = with_files(("名簿.csv", "\n".join(["氏名,住所,電話番号", *people]).encode()), to=SATO)
    (item,) = submit(node, raw, SATO)
    assert item.approvals == ("department_head",)
    letter(server, HANAKO, "【承認依頼】", "60人")
    ja, en = both(node, "hanako", f"/mail/{item.id}")
    assert "60人分の個人情報" in ja
    assert "personal data" in en
    assert node.console("hanako").act(item, "deny", comment="必要な人数に絞ってください").status_code == 303
    assert "必要な人数に絞ってください" in letter(server, TARO, "【却下】").get_content()
    assert not with_id(server, SATO, raw, 0)


def test_exception_it_loosens_until_its_last_day_and_not_a_day_longer(
    node: Served, server: Postfix, plans: Path
) -> None:
    """OPS-EXCEPTION: what it loosens leaves at once; when it is over the rule holds as before, and the page says so."""
    policy, today = POLICY.format(folder=plans), datetime.datetime.now(datetime.UTC).date()
    node.reload(policy + EXCEPTION + str(today + datetime.timedelta(days=3)))
    news = mail(SUZUKI, "同窓会報です。\n")
    assert submit(node, news.as_bytes(), SUZUKI) == []
    assert with_id(server, SUZUKI, news)
    ja, en = both(node, "admin", "/exceptions")
    assert "まもなく期限" in ja
    assert "alumni news" in en
    node.reload(policy + EXCEPTION + str(today - datetime.timedelta(days=3)))
    late = mail(SUZUKI, "同窓会報です。\n")
    (item,) = submit(node, late.as_bytes(), SUZUKI)
    assert item.due_at is not None
    assert "期限切れ" in both(node, "admin", "/exceptions")[0]
    assert "alumni news" in both(node, "admin", "/policy")[1], "how often it was used"
    assert node.console("taro").act(item, "recall").status_code == 303


def test_no_page_and_no_letter_failed(node: Served) -> None:
    assert "Traceback" not in node.log
    assert '"level": "error"' not in node.log
