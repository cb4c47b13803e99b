"""OUT-MISSEND: documents leave without what was found hidden in them; what cannot be changed is held."""

import io
import zipfile

import pytest

from config.policy import Policy, RulePolicy
from filters.examined import UNEXAMINABLE, Examined
from mail.compose import applied
from mail.message import Message
from tests.filters.mails import FRESH, ORGANISATION, attached, examined
from tests.filters.outbound.missend import File
from tests.filters.outbound.missend.documents import content

SECRET = "年5％までなら譲れる"
LETTER = content(File("契約書.docx", "契約書", (f"comment: {SECRET}",)))
TIDY = {"hidden_content": RulePolicy("tidy"), "external_recipient": RulePolicy("off")}


def policy(**rules: RulePolicy) -> Policy:
    return Policy(organisation=ORGANISATION, rules=TIDY | rules)


def leaving(raw: bytes, found: Examined) -> list[tuple[str, bytes]]:
    """The files of what leaves."""
    (copy,) = found.copies
    parts = Message(applied(raw, list(copy.edits))).parts
    return [(part.filename, part.content()) for part in parts if part.is_attachment]


def whole(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")


def test_a_document_is_replaced_and_the_others_stay() -> None:
    raw = attached(("契約書.docx", LETTER), ("案内.txt", "ご案内".encode()))
    found = examined(raw, rules=policy())
    assert found.verdict.rewrites == {"tidy"}
    (name, tidy), (other, text) = leaving(raw, found)
    assert (name, other, text.decode()) == ("契約書.docx", "案内.txt", "ご案内")
    assert "契約書" in whole(tidy)
    assert SECRET not in whole(tidy)


def test_by_default_it_is_only_told() -> None:
    raw = attached(("契約書.docx", LETTER))
    found = examined(
        raw, rules=Policy(organisation=ORGANISATION, rules={"external_recipient": RulePolicy("off")})
    )
    assert "hidden_content" in {f.rule for f in found.findings}
    assert not found.verdict.rewrites


def test_what_is_announced_stays() -> None:
    raw = attached(("契約書.docx", LETTER), body="コメントを付けて添付します。")
    ((_, data),) = leaving(raw, examined(raw, rules=policy()))
    assert data == LETTER


def test_the_tidy_document_is_what_is_encrypted() -> None:
    import pyzipper

    secret = content(File("契約書.docx", "社外秘\n契約書", (f"comment: {SECRET}",)))
    raw = attached(("契約書.docx", secret))
    rules = policy(
        confidential_attachment=RulePolicy("encrypt"),
        class_approval=RulePolicy("off"),
        class_audience=RulePolicy("off"),
    )
    found = examined(raw, rules=rules)
    assert found.verdict.rewrites == {"tidy", "encrypt"}
    ((_, outer),) = leaving(raw, found)
    with pyzipper.AESZipFile(io.BytesIO(outer)) as archive:
        archive.setpassword(FRESH.encode())
        document = archive.read("1.docx")
    assert "社外秘" in whole(document)
    assert SECRET not in whole(document)
    assert found.copies[0].passphrase_source == "generated"


def test_a_document_in_an_archive_is_held() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("契約書.docx", LETTER)
    found = examined(attached(("契約.zip", out.getvalue())), rules=policy())
    assert UNEXAMINABLE in found.verdict.holds


def test_so_is_one_that_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("filters.rewriters.tidy.tidied", lambda name, content, kinds: None)
    found = examined(attached(("契約書.docx", LETTER)), rules=policy())
    assert UNEXAMINABLE in found.verdict.holds


def test_properties_that_name_the_author_go_where_the_policy_looks_for_them() -> None:
    rules = {
        "hidden_content": RulePolicy("tidy", settings={"hidden": ["author"]}),
        "external_recipient": RulePolicy("off"),
    }
    document = io.BytesIO()
    from docx import Document

    made = Document()
    made.core_properties.author = "山田 太郎"
    made.save(document)
    raw = attached(("案内.docx", document.getvalue()))
    ((_, data),) = leaving(raw, examined(raw, rules=Policy(organisation=ORGANISATION, rules=rules)))
    assert "山田" not in whole(data)
