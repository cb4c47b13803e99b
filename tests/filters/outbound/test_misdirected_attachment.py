"""OUT-MISSEND: files of another partner."""

import msgspec

from filters.finding import Finding
from filters.rule import Mail
from mail.message import Message
from tests.filters.mails import ORGANISATION, SHIPPED, attached, facts, plain
from tests.filters.outbound.missend import File
from tests.filters.outbound.missend.documents import content

OURS = msgspec.structs.replace(
    ORGANISATION,
    partners={
        "koyo.example": "株式会社光陽電機", "otaru.example": "小樽グランド観光", "sister.example": "関所ロジスティクス",
    },
)  # fmt: skip


def look(raw: bytes, *recipients: str) -> list[Finding]:
    each = SHIPPED.by_name["misdirected_attachment"]
    return each.rule.look(Mail(Message(raw), facts(*recipients)), OURS, each.settings, each.weight)


def test_the_name_of_the_file_tells() -> None:
    (finding,) = look(attached(("御見積書_小樽グランド観光.xlsx", b"x")), "ito@koyo.example")
    assert finding.values == {
        "name": "御見積書_小樽グランド観光.xlsx", "partner": "小樽グランド観光", "address": "ito@koyo.example",
    }  # fmt: skip
    assert finding.about == ("御見積書_小樽グランド観光.xlsx",)
    assert finding.evidence[0].part == "2/御見積書_小樽グランド観光.xlsx"


def test_the_head_of_the_text_tells() -> None:
    book = content(File("価格表.xlsx", "小樽グランド観光 御中\n品目,単価\n帆立,2980"))
    (finding,) = look(attached(("価格表.xlsx", book)), "ito@koyo.example")
    assert finding.values["partner"] == "小樽グランド観光"
    assert "小樽グランド観光" in finding.evidence[0].quote


def test_far_down_in_the_text_anybody_may_be_named() -> None:
    book = content(File("事例.docx", "事例集\n" + "本文です。" * 200 + "\n小樽グランド観光 御中"))
    assert look(attached(("事例.docx", book)), "ito@koyo.example") == []


def test_a_file_for_one_of_the_recipients_is_theirs() -> None:
    raw = attached(("御見積書_小樽グランド観光.xlsx", b"x"))
    assert look(raw, "ito@koyo.example", "sudo@otaru.example") == []
    assert look(raw, "sudo@mail.otaru.example") == []
    both = attached(("覚書.txt", "小樽グランド観光と光陽電機の覚書".encode()))
    assert look(both, "ito@koyo.example") == []


def test_between_us_and_our_group_files_may_name_anybody() -> None:
    raw = attached(("運賃改定表_光陽電機.pdf", b"x"))
    assert look(raw, "suzuki@us.example", "kato@sister.example") == []
    assert look(attached(("関所ロジスティクス_時刻表.pdf", b"x")), "ito@koyo.example") == []


def test_it_concerns_those_outside_only() -> None:
    raw = attached(("御見積書_小樽グランド観光.xlsx", b"x"))
    (finding,) = look(raw, "suzuki@us.example", "ito@koyo.example")
    assert finding.recipients == (1,)


def test_whom_the_author_speaks_of_is_meant() -> None:
    raw = attached(
        ("御見積書_小樽グランド観光.xlsx", b"x"), body="小樽グランド観光様の件、先方への見積です。"
    )
    assert look(raw, "ito@koyo.example") == []


def test_a_mail_without_files_has_none() -> None:
    assert look(plain("小樽グランド観光の件"), "ito@koyo.example") == []
