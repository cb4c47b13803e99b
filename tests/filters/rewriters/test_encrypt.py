"""OUT-ENCRYPT and OUT-PASSWORD: which parts go into the ZIP, and what stays byte for byte."""

import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import pyzipper

from config.cases import Group, PolicyException, Recipients, When
from config.policy import Encrypt, Policy
from filters.finding import Evidence, Finding
from filters.rewriters.encrypt import encrypt
from filters.rule import Mail
from filters.ruleset import problems
from mail.compose import RewriteError, applied
from mail.message import Message, Part
from tests.filters.mails import FRESH, ORGANISATION, attached, examined, facts, plain, policy

DEFAULT = Encrypt()


def sent(raw: bytes, *, settings: Encrypt = DEFAULT, hot: str = "", secret: str = FRESH) -> bytes:
    found = [Finding("confidential_attachment", "OUT-ENCRYPT", (Evidence("x", hot),))] if hot else []
    mail = Mail(Message(raw), facts(fresh_passphrase=secret))
    return applied(raw, encrypt(mail, Policy(organisation=ORGANISATION, encrypt=settings), found, (0,)))


def unpacked(content: bytes) -> dict[str, bytes]:
    """What lies in the ZIP, by the names that stand in its list."""
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.setpassword(FRESH.encode())
        files = {n: archive.read(n) for n in archive.namelist()}
    told = files.pop("names.txt").decode("utf-8-sig").splitlines()
    names = dict(line.split("\t") for line in told)
    assert names.keys() == files.keys()
    return {names[number]: content for number, content in files.items()}


def parts(raw: bytes) -> list[tuple[str, str]]:
    return [(p.path, p.content_type) for p in Message(raw).parts]


def zip_of(raw: bytes) -> dict[str, bytes]:
    zips: list[Part] = [p for p in Message(raw).parts if p.content_type == "application/zip"]
    assert len(zips) == 1
    assert zips[0].filename == "attachments.zip"
    return unpacked(zips[0].content())


def test_all_attachments_become_one_zip_and_the_rest_stays() -> None:
    files = [("名簿.csv", "極秘,1".encode("cp932")), ("絵.bin", bytes(range(256))), ("名簿.csv", b"second")]
    raw = attached(*files)
    out = sent(raw)
    assert zip_of(out) == {"名簿.csv": files[0][1], "絵.bin": files[1][1], "名簿 (2).csv": b"second"}
    assert parts(out) == [
        ("", "multipart/mixed"),
        ("1", "text/plain"),
        ("2", "text/plain"),
        ("3", "application/zip"),
    ]
    first = raw.index(b"--b1\r\nContent-Type: application/octet-stream") + len(b"--b1\r\n")
    assert out.startswith(raw[:first])
    assert out.endswith(b"\r\n--b1--\r\nepilogue\r\n")
    assert Message(out).problems == ()


def test_the_note_is_japanese_and_english() -> None:
    note = Message(sent(attached(("a.txt", b"x")))).parts[2].text()
    assert "電話" in note
    assert "password" in note


def nested(kind: str) -> bytes:
    return (
        "From: sato@us.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
        f"Content-Type: multipart/{kind}; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain\r\n\r\ntext\r\n--i\r\n"
        "Content-Type: text/html\r\n\r\n<p>text</p>\r\n--i\r\nContent-Type: application/octet-stream; name=a.bin\r\n\r\n"
        "AAA\r\n--i--\r\n--o\r\nContent-Type: multipart/mixed; boundary=j\r\n\r\n--j\r\n"
        "Content-Type: application/octet-stream; name=b.bin\r\n\r\nBBB\r\n--j\r\n"
        "Content-Type: application/octet-stream; name=c.bin\r\n\r\nCCC\r\n--j--\r\n\r\n--o--\r\n"
    ).encode()


@pytest.mark.parametrize("kind", ["related", "alternative", "mixed"])
def test_nested_structures(kind: str) -> None:
    out = sent(nested(kind))
    assert zip_of(out) == {"a.bin": b"AAA", "b.bin": b"BBB", "c.bin": b"CCC"}
    assert b"BBB" not in out
    assert "multipart/mixed" not in [t for _, t in parts(out)[1:] if kind != "mixed"]


def test_a_mail_inside_goes_in_whole() -> None:
    inner = plain("極秘").decode()
    raw = attached(("a.txt", b"x")).replace(
        b"--b1--", b"--b1\r\nContent-Type: message/rfc822\r\n\r\n" + inner.encode() + b"\r\n--b1--"
    )
    assert set(zip_of(sent(raw))) == {"a.txt", "資料の件.eml"}


def test_a_mail_that_is_the_attachment() -> None:
    raw = (
        b"From: sato@us.example\r\nSubject: x\r\nContent-Type: application/pdf; name=a.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\nX-After: 1\r\n\r\nQUJD\r\n"
    )
    out = sent(raw)
    assert zip_of(out) == {"a.pdf": b"ABC"}
    assert out.startswith(b"From: sato@us.example\r\nSubject: x\r\nX-After: 1\r\nMIME-Version: 1.0\r\n")
    assert Message(out).problems == ()


def test_pictures_of_the_html_calendars_and_encrypted_files_are_left_alone() -> None:
    locked = io.BytesIO()
    with pyzipper.AESZipFile(locked, "w", encryption=pyzipper.WZ_AES) as file:
        file.setpassword(b"theirs")
        file.writestr("a.txt", b"x")
    raw = attached(("会議.ics", b"BEGIN:VCALENDAR"), ("theirs.zip", locked.getvalue()))
    assert sent(raw) == raw
    assert set(zip_of(sent(raw, hot="2/会議.ics"))) == {"会議.ics"}


def test_an_inline_picture_stays() -> None:
    raw = (
        b"From: a@us.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n"
        b'Content-Type: text/html\r\n\r\n<img src="cid:i1">\r\n--r\r\nContent-Type: image/png; name=i.png\r\n'
        b"Content-ID: <i1>\r\n\r\n\x89PNG\r\n\x1a\n\r\n--r\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1,2\r\n--r--\r\n"
    )
    assert set(zip_of(sent(raw))) == {"a.csv"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda: sent(attached(("a.txt", b"x")), secret=""), "no passphrase"),
        (lambda: sent(attached(("a.txt", b"x")), secret="short1"), "weak"),
        (lambda: sent(attached(("a.txt", b"x"), body=f"PW: {FRESH}")), "stands in the mail"),
        (lambda: sent(attached(("a.txt", b"x"), extra=f"X-Note: {FRESH}\r\n")), "stands in the mail"),
        (
            lambda: sent(attached(("a.txt", b"x")).replace(b"multipart/mixed", b"multipart/signed")),
            "signed",
        ),
    ],
)
def test_what_cannot_be_done_safely_is_an_error(change: Callable[[], bytes], why: str) -> None:
    with pytest.raises(RewriteError, match=why):
        change()


def test_the_passphrase_in_a_base64_body_is_seen_too() -> None:
    import base64

    raw = attached(("a.txt", b"x")).replace(
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "資料をお送りします。".encode(),
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(FRESH.encode()),
    )
    with pytest.raises(RewriteError, match="stands in the mail"):
        sent(raw)


def test_names_in_the_outer_archive_when_policy_wants_it() -> None:
    out = sent(attached(("a.txt", b"x")), settings=Encrypt(hide_names=False))
    part = next(p for p in Message(out).parts if p.content_type == "application/zip")
    assert zipfile.ZipFile(io.BytesIO(part.content())).namelist() == ["a.txt"]


def within(out: bytes) -> list[str]:
    """The names that everybody can read."""
    part = next(p for p in Message(out).parts if p.content_type == "application/zip")
    return zipfile.ZipFile(io.BytesIO(part.content())).namelist()


def zipped(*files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def test_no_archive_lies_in_the_encrypted_one_and_no_name_is_told() -> None:
    """Google refuses encrypted archives that contain archives."""
    deep = zipped(("議事録.txt", b"1"), ("図/", b""), ("図/a.tar", b"2"))
    raw = attached(("計画.zip", zipped(("見積.txt", b"0"), ("内.zip", deep))), ("単価.csv", b"3"))
    out = sent(raw)
    assert within(out) == ["1.txt", "2.txt", "3.tar", "4.csv", "names.txt"]
    assert zip_of(out) == {
        "計画/見積.txt": b"0", "計画/内/議事録.txt": b"1", "計画/内/図/a.tar": b"2", "単価.csv": b"3",
    }  # fmt: skip
    shown = within(sent(raw, settings=Encrypt(hide_names=False)))
    assert shown == ["計画/見積.txt", "計画/内/議事録.txt", "計画/内/図/a.tar", "単価.csv"]
    assert within(sent(raw, settings=Encrypt(hide_names="inner archive"))) == ["documents.zip"]


def test_an_archive_that_cannot_be_unpacked_stays_whole() -> None:
    broken = zipped(("a.txt", b"x" * 500)).replace(b"a.txt", b"b.txt", 1)
    assert zip_of(sent(attached(("odd.zip", broken)))) == {"odd.zip": broken}


@pytest.mark.parametrize(
    "kind", ["application/pkcs7-mime", "application/pgp-encrypted", "application/ms-tnef"]
)
def test_what_only_its_own_reader_understands_is_held_and_never_half_packed(kind: str) -> None:
    raw = attached(("a.bin", b"x"), ("b.txt", b"y")).replace(b"application/octet-stream", kind.encode(), 1)
    with pytest.raises(RewriteError, match="cannot be packed"):
        sent(raw)


def test_an_attachment_before_the_text_keeps_its_place() -> None:
    """And our note is not what people read first."""
    raw = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n"
        b"--b1\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n"
        b"--b1\r\nContent-Type: text/plain\r\n\r\nDear all\r\n"
        b"--b1\r\nContent-Type: text/csv; name=b.csv\r\nContent-Disposition: attachment; filename=b.csv\r\n\r\n3\r\n"
        b"--b1--\r\n"
    )
    out = Message(sent(raw))
    assert [p.content_type for p in out.parts[1:]] == ["application/zip", "text/plain", "text/plain"]
    assert out.parts[2].text().strip() == "Dear all"
    assert "attachments.zip" in out.parts[3].text()
    assert out.problems == ()
    assert zip_of(out.raw) == {"a.csv": b"1,2", "b.csv": b"3"}


KOYO = {"koyo": Group(recipients=Recipients(domains="koyo.example"))}


def by_exception(**more: Any) -> Policy:
    said: dict[str, Any] = {
        "rule": "encrypt", "when": When(to="koyo"), "then": "encrypt zip-crypto", "owner": "hanako",
        "reason": "r", "approved_by": "shacho", "until": datetime.date(2027, 3, 31), "name": "koyo's Windows",
    }  # fmt: skip
    shown = policy(external_recipient="encrypt")
    return msgspec.structs.replace(shown, groups=KOYO, exceptions=(PolicyException(**said | more),))


def test_a_partner_gets_the_old_encryption_by_an_exception_until_its_day() -> None:
    raw = attached(("a.txt", b"content"))
    people = ("a@koyo.example", "b@other.example")
    for day, forms in (("2027-03-31", {0: False, 1: True}), ("2027-04-01", {0: True, 1: True})):
        seen = examined(raw, *people, rules=by_exception(), day=day)
        for copy in seen.copies:
            (zipped,) = (
                p for p in Message(applied(raw, copy.edits)).parts if p.content_type == "application/zip"
            )
            with pyzipper.AESZipFile(io.BytesIO(zipped.content())) as archive:
                archive.setpassword(FRESH.encode())
                aes = {info.wz_aes_version is not None for info in archive.infolist()}
                assert b"content" in {archive.read(n) for n in archive.namelist()}
            for recipient in copy.recipients:
                assert aes == {forms[recipient]}, (day, recipient)
                assert ("zip_crypto" in copy.verdict.rewrites) is not forms[recipient]
        by = {a.by for a in seen.applied if a.rule == "encrypt"}
        assert by == ({"koyo's Windows"} if day == "2027-03-31" else set())


def test_what_the_recipient_reads_says_what_opens_it() -> None:
    raw = attached(("a.txt", b"content"))
    seen = examined(raw, "a@koyo.example", rules=by_exception(), day="2026-12-01")
    texts = [
        p.text() for p in Message(applied(raw, seen.copies[0].edits)).parts if p.content_type == "text/plain"
    ]
    assert any("エクスプローラーで開けます" in text for text in texts)
    assert not any("AES-256" in text for text in texts)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("encrypt office", "not built yet"),
        ("encrypt pdf", "not built yet"),
        ("encrypt zipcrypto", "no format of encryption"),
        ("observe", "no format of encryption"),
    ],
)
def test_formats_that_cannot_be_made_are_refused_when_the_policy_is_read(then: str, words: str) -> None:
    (problem,) = problems(by_exception(then=then))
    assert problem.startswith("exceptions.0.then: ")
    assert words in problem
