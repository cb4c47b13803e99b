"""Kinds that once went wrong, each with an input of its own and what has to come of it at the checkpoint.

`WRONG_ONCE` are those that a mail shows; `ELSEWHERE` those that need a dialogue, and the test in which it is held.
"""

import ast
import base64
from pathlib import Path

import pytest

from filters.examined import Examined
from filters.examples import PROGRAM
from mail.compose import applied
from mail.message import Message
from tests.filters.extract.documents import archive, word
from tests.filters.extract.encoders import binhexed
from tests.filters.extract.macs import companion
from tests.filters.extract.signatures import pem, signed
from tests.filters.mails import attached, examined, plain

TO, US = "tanaka@partner.example", "user@us.example"
MARKED = word()
"""A document with 社外秘 in it."""


def b64(content: bytes) -> str:
    return base64.encodebytes(content).decode().strip()


def out(raw: bytes) -> Examined:
    return examined(raw, TO)


def into(raw: bytes, **more) -> Examined:
    return examined(raw, US, direction="inbound", **more)


def rules(seen: Examined) -> set[str]:
    return {finding.rule for finding in seen.findings}


def flows(seen: Examined) -> bool:
    return not seen.verdict.rejects | seen.verdict.holds | seen.verdict.approvals | seen.verdict.reviews


def calendar(content: bytes, name: str) -> bytes:
    lines = base64.b64encode(content).decode()
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:会議\r\n"
        f"ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME={name}:{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def opaque(mail: bytes) -> bytes:
    return plain("x").partition(b"Content-Type:")[0] + (
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b64(signed(mail)).replace("\n", "\r\n").encode()
        + b"\r\n"
    )  # fmt: skip


def page(html: str) -> bytes:
    return plain(html).replace(b"text/plain", b"text/html")


FOUND = {
    "base64 in a text file": attached(("a.txt", b64(MARKED).encode())),
    "BinHex": attached(("k.hqx", binhexed(MARKED, "keikaku.docx").encode())),
    "a data address in a page": page(f'<p>file <a href="data:application/octet-stream;base64,{base64.b64encode(MARKED).decode()}">x</a>'),
    "a file in a calendar": attached(("invite.ics", calendar(MARKED, "keikaku.docx"))),
    "a file in a card": attached(("taro.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Taro\r\nPHOTO;ENCODING=b;TYPE=JPEG:" + base64.b64encode(MARKED) + b"\r\nEND:VCARD\r\n")),
    "signed PEM": attached(("keikaku.p7m", pem(signed(MARKED)))),
    "a mark that begins a long line": attached(("a.txt", ("極秘 新製品の計画 " + "仕様 " * 200).encode())),
}  # fmt: skip
"""A document with a mark is in it: found as anywhere."""

RUNS = {
    "BinHex": attached(("k.hqx", binhexed(PROGRAM, "report.pdf.exe").encode())),
    "a calendar": attached(("invite.ics", calendar(PROGRAM, "report.pdf.exe"))),
    "a signed file": attached(("report.p7m", signed(PROGRAM))),
    "an opaque-signed mail": opaque(
        b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="report.pdf.exe"\r\n\r\n'
        + PROGRAM[:2]
        + b"\x01" * 60
    ),
}
"""A program is in it: held as anywhere."""

HONEST_OUT = {
    **{f"charset {label}": plain("Minutes attached.").replace(b"charset=utf-8", f"charset={label}".encode()) for label in ("ms932", "iso8859-1", "x-mac-roman", "gb_2312-80")},
    **{f"encoding {name}": plain("Minutes attached.").replace(b"8bit\r\n", f"{name}\r\n".encode()) for name in ("8bits", "7-bit", "utf-8", "none", '"8bit"')},
    "an archive from a Mac": attached(("a.zip", archive(("資料/明細.txt", "明細です".encode()), ("__MACOSX/資料/._明細.txt", companion())))),
    "an opaque-signed mail": opaque(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "来週の予定をお送りします。".encode()),
    "how papers are handled": plain("応募書類は厳秘に取り扱います。\n以上"),
    "goods": plain("割れ物ですので、取扱注意でお願いします。"),
    "no Message-ID and no Date": plain("来週の予定です。").replace(b"Message-ID: <1@us.example>\r\n", b""),
}  # fmt: skip

HONEST_IN = {
    "a file's name as a link's text": ("false_link", '<p><a href="https://files.shop.example/a">report.pdf</a> <a href="https://github.com/x">Node.js</a></p>'),
    "a host in full-width brackets": ("false_link", '<p><a href="https://www.shop.example/">（www.shop.example）をご覧ください。</a></p>'),
    "a name in punycode": ("odd_host", '<p><a href="https://xn--eckwd4c7cu47r2wf.example/">ご案内</a></p>'),
    "one label for telephone and FAX": ("signature", "<p>株式会社あおば<br>TEL/FAX 03-5550-0177</p>"),
}  # fmt: skip
"""What the rule of this name has nothing to say about."""


@pytest.mark.parametrize("kind", FOUND)
def test_a_mark_is_found_in(kind: str) -> None:
    assert {"confidential_attachment", "confidential_body"} & rules(out(FOUND[kind]))


@pytest.mark.parametrize("kind", RUNS)
def test_a_program_is_held_in(kind: str) -> None:
    assert "executable" in into(RUNS[kind]).verdict.holds


@pytest.mark.parametrize("kind", HONEST_OUT)
def test_ordinary_mail_leaves(kind: str) -> None:
    assert flows(out(HONEST_OUT[kind])), rules(out(HONEST_OUT[kind]))


@pytest.mark.parametrize("kind", HONEST_IN)
def test_nothing_is_said_of(kind: str) -> None:
    rule, html = HONEST_IN[kind]
    raw = page(html).replace(b"sato@us.example", b"tanaka@shop.example")
    assert rule not in rules(into(raw))


def test_what_a_submission_lacks_is_added() -> None:
    seen = out(HONEST_OUT["no Message-ID and no Date"])
    assert b"Date: " in seen.headers


def test_an_address_that_leads_on_is_outside() -> None:
    assert "confidential_attachment" in rules(examined(FOUND["BinHex"], "sato%partner.example@us.example"))


def test_a_mail_written_anew_has_one_reading_and_no_garbage() -> None:
    raw = plain("hello").replace(b"8bit\r\n", b"8-bit\r\n")
    assert Message(raw).root.text().strip() == "hello"
    (copy,) = out(raw).copies
    assert applied(raw, copy.edits).endswith(b"hello\r\n")


ELSEWHERE = {
    "raw JIS survives a banner": "tests/filters/rewriters/test_banner.py::test_a_text_without_charset_too",
    "a mail written anew": "tests/laws/test_mail_rebuild.py::test_a_rebuilt_mail_has_one_reading",
    "encrypted ZIPs without an archive inside": "tests/filters/rewriters/test_encrypt.py",
    "recipients named twice": "tests/dialogues/recipient_named_twice.smtp",
    "OpenPGP in octets": "tests/filters/extract/test_pgp.py::test_encrypted",
    "a mailbox that refuses after the dot": "tests/gateway/deliver/test_delivery_reports.py::test_our_postmaster_hears_of_arriving_mail_that_was_taken_and_then_refused",
    "a loop": "tests/gateway/test_refusals.py::test_a_loop_has_a_status_of_its_own",
    "Received without the client": "tests/mail/test_trace.py::test_received_can_leave_its_client_out",
    "ASCII replies": "tests/gateway/test_refusals.py::test_without_smtputf8_a_refusal_is_ascii_and_says_where_to_read_more",
    "long local parts": "tests/mail/test_address.py::test_ordinary_and_quoted_local_parts",
    "addresses that lead on": "tests/mail/test_address.py::test_a_way_on_in_a_local_part_is_seen",
}  # fmt: skip


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_it_is_shown_where_this_says(kind: str) -> None:
    file, _, name = ELSEWHERE[kind].partition("::")
    text = (Path(__file__).parents[2] / file).read_text()
    tree = ast.walk(ast.parse(text)) if name else ()
    names = {node.name for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert not name or name in names
