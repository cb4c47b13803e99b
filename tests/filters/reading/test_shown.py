"""A file of a mail as text: what the examining process hands out for people."""

from config.policy import Organisation, Policy
from filters.examined import ShownFile
from filters.facts import Facts, Origin
from filters.reading.shown import CHARACTERS, SHOW, run
from filters.ruleset import prepare
from mail.envelope import Envelope
from tests.filters.mails import attached
from tests.filters.outbound.missend import File
from tests.filters.outbound.missend.documents import content

PREPARED = prepare(Policy(organisation=Organisation(domains=("us.example",))))


def shown(raw: bytes, number: int) -> ShownFile | None:
    facts = Facts(SHOW, Origin("console", ""), Envelope("", ()), file=number)
    return next(iter(run(raw, facts, PREPARED).shown), None)


def test_the_text_of_the_file_that_was_asked_for() -> None:
    book = content(File("表.xlsx", "品目,単価\n帆立,2980"))
    raw = attached(("案内.txt", "ご案内".encode()), ("表.xlsx", book))
    first, second = shown(raw, 0), shown(raw, 1)
    assert first == ShownFile("案内.txt", "text", "ok", (("", "ご案内"),))
    assert second is not None
    assert second.name == "表.xlsx"
    text = "\n".join(text for _, text in second.texts)
    assert "帆立" in text
    assert "openpyxl" not in text, "properties are not what a reader sees"


def test_what_is_hidden_in_a_document_is_shown() -> None:
    letter = content(File("契約書.docx", "契約書", ("comment: 先方には言わない",)))
    found = shown(attached(("契約書.docx", letter)), 0)
    assert found is not None
    assert "先方には言わない" in "\n".join(text for _, text in found.texts)


def test_no_such_file() -> None:
    raw = attached(("a.txt", b"x"))
    assert shown(raw, 1) is None
    assert shown(raw, -1) is None


def test_a_long_file_is_cut() -> None:
    found = shown(attached(("a.txt", b"x" * (CHARACTERS + 5))), 0)
    assert found is not None
    assert found.cut
    assert len(found.texts[0][1]) == CHARACTERS


def test_a_file_that_cannot_be_read_says_so() -> None:
    found = shown(attached(("a.zip", b"PK\x03\x04broken")), 0)
    assert found is not None
    assert found.verdict != "ok"
