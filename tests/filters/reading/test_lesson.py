"""What mail teaches about those who stand in it."""

import pytest

from filters.facts import Acquaintances, Authentication
from filters.reading.lesson import lesson, surnames
from filters.rule import Mail
from mail.message import Message
from tests.filters.mails import examined, facts, plain

BOTH = ("tanaka@p.example", "mori@p.example")


def taught(text: str, to: str, *recipients: str) -> dict[str, tuple[str, ...]]:
    return lesson(Mail(Message(plain(text, to=to)), facts(*recipients)).leaving).names


def test_names_come_from_the_header_and_from_the_greeting() -> None:
    to = "=?utf-8?b?55Sw5LitIOWkqumDjg==?= <tanaka@p.example>"
    assert taught("田中様\n本文です。", to, "tanaka@p.example") == {"tanaka@p.example": ("田中太郎", "田中")}
    assert taught("田中様、森様\n本文です。", ", ".join(BOTH), *BOTH) == dict(
        zip(BOTH, [("田中",), ("森",)], strict=True)
    )
    assert taught("田中様\n本文です。", ", ".join(BOTH), *BOTH) == {}, "one name for two says nothing"
    assert taught("田中様\n本文です。", "x@p.example", "hidden@q.example") == {}


def test_the_company_and_who_can_be_seen() -> None:
    mail = Mail(
        Message(plain("光陽電機 田中様\n本文です。", to="tanaka@p.example", extra="Cc: A@us.example\r\n")),
        facts(),
    )
    found = lesson(mail.leaving)
    assert (found.company, found.visible) == ("光陽電機", ("tanaka@p.example", "a@us.example"))


def test_an_arriving_mail_teaches_who_stands_in_it() -> None:
    raw = plain("本文です。", to="sato@us.example", extra="Reply-To: Other@q.example\r\n")
    mail = Mail(Message(raw), facts("sato@us.example", direction="inbound"))
    found = lesson(mail.leaving, arriving=True)
    assert (found.visible, found.reply_to, found.names) == (("sato@us.example",), "other@q.example", {})


@pytest.mark.parametrize("dkim", ["author.example", "other.example"])
def test_whether_the_author_of_an_arriving_mail_is_proved(dkim: str) -> None:
    raw = plain("x", to="sato@us.example").replace(b"From:", b"From: a@author.example\r\nX-Old:", 1)
    results = Authentication(dkim="pass", dkim_domains=(dkim,))
    found = examined(raw, "sato@us.example", direction="inbound", authentication=results)
    assert found.lesson.proved == (dkim == "author.example")


def test_a_leaving_mail_teaches_where_the_house_remembers() -> None:
    raw = plain("田中様\n本文です。")
    assert not examined(raw).lesson.visible
    assert examined(raw, memory=Acquaintances()).lesson.names == {"tanaka@partner.example": ("田中",)}


def test_names_that_may_be_mistaken_for_another() -> None:
    assert surnames("h.sasaki@p.example", ("佐々木浩",)) == {"sasaki", "佐々木"}
    assert surnames("info@p.example", ("佐々木",)) == {"佐々木"}
    assert surnames("sales-2@p.example", ()) == frozenset()
