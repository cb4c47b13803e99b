"""What letters about leaving mail that waits say, in both languages."""

import msgspec
import pytest

from filters.examined import Summary
from filters.finding import Evidence, Finding
from mail.envelope import ForwardPath
from quarantine.item import Event, Recipient, State, Status
from quarantine.letters.asked import LISTED, Asking, asked, ended, reminded
from tests.quarantine.items import item

FOUND = Finding(
    "class_approval",
    "OUT-CLASS",
    (Evidence("社外秘", "1"),),
    values={"what": "社外秘", "approver": "president"},
)
MAIL = item(
    "a@partner.example", summary=Summary("見積 http://evil.example", "sender@example.jp"),
    approvals=("department_head",), findings=(FOUND,),
)  # fmt: skip
SECRET = item(
    findings=(Finding("personal_identifier", "OUT-PII", (Evidence("1234****", "header:subject"),)),)
)
LETTERS = (
    "asked.approver", "reminded.approver", "asked.administrator", "reminded.administrator", "overdue.administrator",
)  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", LETTERS)
def test_they_say_what_from_whom_to_whom_and_why_and_lead_to_one_page(key: str, language: str) -> None:
    roles = ("department_head",)
    letter = asked(
        key, [Asking(MAIL, "山田太郎", roles)] * (LISTED + 2), language, "https://c.example/approvals"
    )
    for words in ("山田太郎", "a[at]partner[.]example", "社外秘"):
        assert letter.text.count(words) >= LISTED, words
    assert letter.text.count("://") == 1
    assert "\n" not in letter.subject
    assert str(LISTED + 2) in letter.subject
    assert "{" not in letter.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_subject_in_which_something_was_found_is_told_on_the_page_only(language: str) -> None:
    letter = asked("asked.approver", [Asking(SECRET, "山田")], language, "https://c.example")
    assert SECRET.summary.subject not in letter.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_approval_that_nobody_can_give_is_told_as_such(language: str) -> None:
    (one, other) = (
        asked(
            "asked.administrator",
            [Asking(MAIL, "山田", ("president",), nobody)],
            language,
            "https://c.example",
        )
        for nobody in (True, False)
    )
    assert one.text != other.text
    assert {"ja": "承認できる人がいません", "en": "Nobody can approve this"}[language] in one.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", ["approved", "denied", "returned", "elapsed", "discarded"])
def test_the_sender_hears_the_outcome_in_their_own_words(key: str, language: str) -> None:
    letter = ended(
        key, MAIL, language, person="鈴木花子", answer="金額が\n違います" if key == "denied" else "",
        leaves=1_800_000_000.0, timezone="Asia/Tokyo",
    )  # fmt: skip
    assert MAIL.summary.subject in letter.subject
    assert "a@partner.example" in letter.text
    assert ("鈴木花子" in letter.text) is (key in ("approved", "denied"))
    assert ("金額が 違います" in letter.text) is (key == "denied")
    assert ("2027" in letter.text) is (key == "approved")
    now = ended("approved", MAIL, language, leaves=None, timezone="Asia/Tokyo")
    assert "2027" not in now.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_outcome_names_those_who_do_not_get_it(language: str) -> None:
    """Refusing a mail withdraws all its recipients; who was recalled before is no news."""
    earlier = Recipient(ForwardPath("recalled@partner.example"), Status.WITHDRAWN, at=1.0)
    refused = Recipient(ForwardPath("a@partner.example"), Status.WITHDRAWN, at=2.0)
    mail = msgspec.structs.replace(MAIL, state=State.WITHDRAWN, recipients=(earlier, refused))
    letter = ended("denied", mail, language, person="鈴木花子", leaves=None, timezone="Asia/Tokyo")
    assert "a@partner.example" in letter.text
    assert "recalled@partner.example" not in letter.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("ending", [Event.EXPIRE, Event.ELAPSE, Event.ESCALATE])
def test_the_sender_is_warned_of_the_end(language: str, ending: Event) -> None:
    letter = reminded(
        MAIL, language, page="https://c.example/mail/1", end=1_800_000_000.0, ending=ending, timezone="Asia/Tokyo"
    )  # fmt: skip
    assert "2027" in letter.text
    assert "https://c.example/mail/1" in letter.text


def test_a_comment_is_one_line_of_text_and_turns_nothing_around() -> None:
    """Nothing that somebody writes beside their decision is a header field, a template or a direction of writing."""
    answer = "no\r\n\r\nBcc: x@y.example {subject} <b>x</b> \u202egnp.exe"
    letter = ended("denied", item(), "en", person="boss", answer=answer, leaves=None, timezone="Asia/Tokyo")
    (line,) = [line for line in letter.text.splitlines() if line.startswith("Comment:")]
    assert line == "Comment: no Bcc: x@y.example {subject} <b>x</b> <202E>gnp.exe"
    assert not letter.html
