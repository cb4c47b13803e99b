"""IN-LINK: a report on delivery that asks for a login."""

import pytest

from filters.rule import Mail
from filters.ruleset import Prepared
from mail.message import Message
from tests.filters.inbound.arriving import TO
from tests.filters.inbound.reports import DAEMONS, LEADS, LURES, facts, report
from tests.filters.mails import SHIPPED


def sees(raw: bytes, reverse_path: str = "", prepared: Prepared = SHIPPED) -> bool:
    each = prepared.by_name["report_lure"]
    told = facts(reverse_path=reverse_path)
    return bool(each.rule.look(Mail(Message(raw), told), prepared.policy.organisation, each.settings))


@pytest.mark.parametrize("author", DAEMONS)
@pytest.mark.parametrize("lure", LURES)
def test_a_report_that_asks_for_a_login_elsewhere_is_seen(author: str, lure: str) -> None:
    raw = report(LURES[lure].format(link=LEADS[3]), author=author)
    assert sees(raw)
    assert not sees(raw, "x@gmail.com"), "a letter has other rules"


def test_a_report_that_asks_for_nothing_is_not() -> None:
    assert not sees(report(f"550 5.1.1 no such user, see {LEADS[3]}"))


@pytest.mark.parametrize(
    "link",
    ["https://us.example/mail", "https://support.google.com/mail"],
)
def test_links_to_us_and_well_known_hosts_are_no_lure(link: str) -> None:
    assert not sees(report(LURES["quota"].format(link=link)))


def test_a_link_to_the_author_is_none_unless_it_presses() -> None:
    link = "https://help.partner.example/5.1.1"
    assert not sees(report(f"The mailbox is full. For help see\n{link}"))
    assert not sees(report(f"Your account was suspended. Sign in:\n{link}"))
    assert sees(report(LURES["quota"].format(link=link)))


def test_what_another_server_or_the_returned_mail_says_is_no_lure() -> None:
    assert not sees(report(f"<a@b.example>: host said: 550 account suspended, verify now: {LEADS[3]}"))
    assert not sees(
        report(f"No such user.\n\n--- Below is a copy of the message.\n\nRelease now: {LEADS[3]}")
    )


@pytest.mark.parametrize(
    "text",
    [
        "To cancel this order, call us at once.",
        "Install AnyDesk and tell us the number.",
        "1.42 BTC are waiting for you.",
    ],
)
def test_money_and_access_need_no_link(text: str) -> None:
    assert sees(report(text))


def test_persons_write_no_reports() -> None:
    assert not sees(report(LURES["quota"].format(link=LEADS[0]), author="山田 <yamada@partner.example>"))


NOTE = "Mail to this mailbox is being refused since this morning (552).\n\n{}\n"


def test_a_report_about_the_readers_own_mailbox_that_leads_away_is_a_lure() -> None:
    asks = NOTE.format("https://mx.partner.example/add")
    assert sees(report(asks, about=TO))
    assert not sees(report(asks)), "the server's page about its own recipient"
    assert not sees(report(NOTE.format("https://us.example/add"), about=TO))


def test_a_picture_instead_of_words_is_a_lure() -> None:
    picture = (
        '<a href="https://garden-tools.example.net/n"><img src="https://garden-tools.example.net/n.png"></a>'
    )
    assert sees(report("", html=picture))
    assert not sees(report("", html=f"<p>{'no such user here. ' * 20}</p>{picture}"))


CALL = "Your subscription was renewed, your card has been charged USD 399.00.\nNot you? {}\n"


def test_a_charge_with_a_number_to_call_is_a_lure() -> None:
    assert sees(report(CALL.format("Call our desk: +1 (818) 555-0155")))
    assert not sees(report(CALL.format("Order 818 555 0155 00")))
    assert not sees(report("Call the helpdesk of the recipient: +1 (818) 555-0155"))
    quoted = "no such user\n\n--- Below this line is a copy of the message.\n\n" + CALL.format(
        "Call: 03-5555-0123"
    )
    assert not sees(report(quoted)), "what somebody of ours wrote"


def test_what_every_report_says_asks_for_nothing() -> None:
    said = f"550 5.2.1 User unknown. See {LEADS[3]}"
    assert not sees(report(said, subject="Mail delivery failed"))


@pytest.mark.parametrize(
    "asked",
    [
        "Prove that you are a person to deliver it",
        "View message",
        "Resend it here",
        "再送する",
        "Bitte bestätigen Sie es hier",
    ],
)
def test_what_is_asked_beside_a_link_to_the_author_is_a_lure(asked: str) -> None:
    link = "https://mx.partner.example/u/1"
    assert sees(report(f"Your message was stopped.\n{asked}: {link}"))
    assert sees(report(f"Your message was stopped.\n{asked}\n{link}"))
    assert not sees(report(f"{asked}\n\nNo such user here.\nDetails of the error: {link}"))


@pytest.mark.parametrize(
    "host", ["docs.google.com", "1drv.ms", "acme.sharepoint.com", "www.dropbox.com", "t.co"]
)
def test_no_mail_system_shares_files(host: str) -> None:
    assert sees(report(f"Your message was not delivered.\nhttps://{host}/d/1\n"))
    copied = f"No such user.\n\n--- Below is a copy of the message.\n\nDie Pläne: https://{host}/d/1\n"
    assert not sees(report(copied)), "what somebody of ours shared"


def test_a_report_that_wants_a_password_by_answer_is_a_lure() -> None:
    assert sees(report("Your mail waits. Reply with your password so that we can deliver it.\n"))
    assert not sees(report("No such user. We never ask for your password, do not send us any.\n"))
