"""CMS: what is only signed is read as what it is; what is enveloped is encrypted."""

import pytest

from filters.extract import Budget, extract
from filters.extract.found import Extracted
from tests.filters.extract.documents import archive, word
from tests.filters.extract.signatures import compressed, enveloped, pem, signed
from tests.filters.mails import examined

MARKED = "この資料は社外秘です".encode()
MAIL = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"see the file\r\n--b\r\nContent-Type: application/octet-stream; name=a.docx\r\n\r\n%s\r\n--b--\r\n"
)


def read(name: str, content: bytes) -> Extracted:
    return extract(name, "", content, Budget())


@pytest.mark.parametrize("wrapped", [signed(MARKED), signed(MARKED, open_ended=True), compressed(MARKED)])
@pytest.mark.parametrize("form", [lambda m: m, pem, lambda m: pem(m, "CMS"), lambda m: archive(("a.p7m", m))])
def test_what_is_signed_is_read(wrapped: bytes, form: object) -> None:
    found = read("report.txt.p7m", form(wrapped))  # type: ignore[operator]
    assert found.verdict == "ok"
    assert "社外秘" in "".join(text for _, text in found.texts)


def test_a_mail_inside_is_read_as_a_mail() -> None:
    found = read("smime.p7m", signed(MAIL % word(), open_ended=True))
    assert [member.kind for member in found.members] == ["eml", "docx"]
    assert "see the file" in "".join(text for _, text in found.texts)


def test_names_survive_and_signatures_around_signatures_come_off() -> None:
    found = read("run.js.p7m", signed(signed(b"alert(1)\n")))
    assert "script" in {member.kind for member in read("run.js.p7m", signed(b"alert(1)\n")).members}
    assert found.members[-1].size == 9


@pytest.mark.parametrize("content", [signed(None), signed(None, open_ended=True), pem(signed(None))])
def test_a_signature_alone_is_nothing_to_read(content: bytes) -> None:
    assert read("smime.p7s", content).verdict == "ok"


def test_a_signature_with_content_is_no_signature_alone() -> None:
    assert read("smime.p7s", signed(b"\0" * 40 + bytes(range(256)) * 4)).verdict == "unsupported"


@pytest.mark.parametrize("content", [enveloped(), enveloped(authenticated=True), pem(enveloped())])
def test_enveloped_data_is_encrypted(content: bytes) -> None:
    found = read("a.p7m", content)
    assert found.verdict == "encrypted"
    assert found.locked


def test_damage_and_what_stands_behind_are_found() -> None:
    assert read("a.p7m", signed(MARKED)[:-9]).verdict == "corrupt"
    found = read("a.p7m", signed(None) + "後ろに社外秘".encode())
    assert "社外秘" in "".join(text for _, text in found.texts)


def opaque(mail: bytes) -> bytes:
    """An opaque-signed mail (RFC 8551 3.5.2)."""
    return (
        b"From: sato@us.example\r\nTo: tanaka@partner.example\r\nSubject: x\r\nMessage-ID: <1@us.example>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
        b"Content-Transfer-Encoding: binary\r\n\r\n" + signed(mail)
    )


def test_an_opaque_signed_mail_is_judged_as_the_mail_that_it_is() -> None:
    plain = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    seen = examined(opaque(plain + "来週の予定をお送りします。".encode()))
    assert not {"unsupported_attachment", "encrypted_attachment", "corrupt_attachment"} & {
        finding.rule for finding in seen.findings
    }
    marked = examined(opaque(plain + b"\r\n" + "【社外秘】\r\n計画です。".encode()))
    assert "confidential_body" in {finding.rule for finding in marked.findings}


def test_what_an_opaque_signed_mail_brings_is_seen_as_in_any_other() -> None:
    attached_program = (
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; "
        b'filename="report.pdf.exe"\r\n\r\nMZ\x90\0\3\0\0\0\4\0'
    )
    seen = examined(opaque(attached_program), "user@us.example", direction="inbound")
    assert {"executable", "double_extension"} <= {finding.rule for finding in seen.findings}
