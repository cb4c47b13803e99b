"""OUT-ENCRYPT and OUT-PASSWORD end to end: what is confidential leaves in a ZIP that 7-Zip opens, and nothing tells
the passphrase; what cannot be encrypted does not leave."""

import base64
import binascii
import io
import quopri
import re
import subprocess
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import encode_rfc2231
from pathlib import Path

import pytest

from quarantine.item import Item, State
from tests.filters.extract.documents import pdf
from tests.interop.mails import (
    HANAKO,
    SATO,
    SUZUKI,
    TARO,
    attach,
    body_of,
    documents,
    files_of,
    mail,
    parsed,
    text_of,
    with_files,
    word,
    zip_of,
)  # fmt: skip
from tests.services.programs import required, wait_for
from tests.services.served import Hop, Served, at, served
from tests.services.sink import Taken

AGREED = "kumquat-Ridge-48-lantern-Osprey"
POLICY = "[rules.class_approval]\nthen = 'off'\n"


@pytest.fixture(scope="module")
def node(sink: Hop) -> Iterator[Served]:
    """Without approvals, which test_duties.py has."""
    with served(POLICY, relay=at(sink.port), mailbox=at(sink.port)) as running:
        running.agree("partner.example.com", AGREED)
        yield running


def submit(node: Served, recipients: list[str], content: bytes) -> list[Item]:
    """The items that a mail became, without the notice."""
    code, text = node.send(TARO, recipients, content)
    assert code == 250, text
    found = re.search(r"Accepted as (\w+)", text)
    assert found
    return node.items(mail_id=found[1], direction="outbound")


def delivered(sink: Hop, content: bytes, recipient: str) -> list[Taken]:
    """The copies of a mail (by Message-ID) that a recipient got."""
    identifier = str(parsed(content)["Message-ID"]).encode()
    return [
        m for m in list(sink.sink.mails) if identifier in m.content and recipient.encode() in m.recipients
    ]


def leave(node: Served, sink: Hop, content: bytes, recipient: str) -> bytes:
    """Let it go; the one copy that the recipient got."""
    node.let_go()
    assert wait_for(lambda: delivered(sink, content, recipient))
    (taken,) = delivered(sink, content, recipient)
    return taken.content


def seven_zip(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["7z", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip


def unpacked(content: bytes, passphrase: str, folder: Path) -> dict[str, bytes]:
    """What a recipient finds: the ZIP of a mail opened by 7-Zip, and the names in its list."""
    required("7z")
    (archive,) = files_of(content).values()
    outer = folder / "received.zip"
    outer.write_bytes(archive)
    assert seven_zip("t", f"-p{passphrase}", outer).returncode == 0
    assert seven_zip("t", "-pwrong-Passphrase", outer).returncode != 0
    listed = seven_zip("l", "-slt", outer).stdout
    assert "AES-256" in listed
    assert "ZipCrypto" not in listed
    shown = re.findall(r"^Path = (.+)$", listed, re.M)[1:]
    assert all(re.fullmatch(r"\d+(\.\w+)?|names\.txt", name) for name in shown), "names tell nothing"
    inside = folder / "inside"
    assert seven_zip("x", f"-p{passphrase}", f"-o{inside}", outer).returncode == 0
    told = (inside / "names.txt").read_text("utf-8-sig").splitlines()
    names = dict(line.split("\t") for line in told)
    assert {*names, "names.txt"} == {p.name for p in inside.iterdir()} == set(shown)
    return {name: (inside / number).read_bytes() for number, name in names.items()}


@pytest.mark.parametrize("name", list(documents()))
def test_every_kind_with_the_agreed_passphrase(node: Served, sink: Hop, tmp_path: Path, name: str) -> None:
    content = with_files((name, documents()[name]), to=SUZUKI)
    (item,) = submit(node, [SUZUKI], content)
    assert (item.passphrase_source, item.secret) == ("domain", b"")
    assert unpacked(leave(node, sink, content, SUZUKI), AGREED, tmp_path) == {name: documents()[name]}


def test_all_kinds_together_with_a_generated_passphrase(node: Served, sink: Hop, tmp_path: Path) -> None:
    """As the sender does it: reads the passphrase on the console's page; nobody else is shown it."""
    content = with_files(*documents().items(), html="<p>資料を<b>お送り</b>します。</p>")
    (item,) = submit(node, [SATO], content)
    assert item.passphrase_source == "generated"
    secret = node.secret(item)
    page = node.console("taro").act(item, "passphrase").text
    shown = re.search(r'class="passphrase">(.*?)</p>', page, re.S)
    assert shown
    assert re.sub(r"<[^>]+>|\s", "", shown[1]) == secret
    assert secret not in node.console("taro").look(item), "only in that response"
    assert node.console("admin").act(item, "passphrase").status_code == 403
    arrived = leave(node, sink, content, SATO)
    assert unpacked(arrived, secret, tmp_path) == documents()
    assert text_of(arrived, "html").split() == ["<p>資料を<b>お送り</b>します。</p>"]
    assert text_of(arrived).split() == ["お世話になっております。"]


def nested() -> bytes:
    """mixed(related(alternative(text, html), picture), docx, mixed(txt)), as Outlook and Apple Mail build it."""
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    message = mail(SUZUKI, "本文\n")
    message.add_alternative('<p>本文<img src="cid:logo@x"></p>', subtype="html")
    html = message.get_payload()[1]
    html.add_related(
        picture, maintype="image", subtype="png", cid="<logo@x>", filename="logo.png", disposition="inline"
    )
    attach(message, "計画.docx", word("社外秘"))
    inner = EmailMessage()
    inner.make_mixed()
    attach(inner, "内側.txt", "社外秘\n".encode())
    message.attach(inner)
    return message.as_bytes()


def test_nested_multiparts(node: Served, sink: Hop, tmp_path: Path) -> None:
    content = nested()
    submit(node, [SUZUKI], content)
    arrived = leave(node, sink, content, SUZUKI)
    assert set(unpacked(arrived, AGREED, tmp_path)) == {"計画.docx", "内側.txt"}
    pictures = [p for p in parsed(arrived).walk() if p.get_content_type() == "image/png"]
    assert len(pictures) == 1
    assert pictures[0]["Content-ID"] == "<logo@x>"
    assert body_of(content).split(b"logo.png")[0] in arrived, "all before the first attachment is as it was"


NAME = "見積書（最終版）第１号.docx"
ENCODED_WORD = f"=?UTF-8?B?{base64.b64encode(NAME.encode()).decode()}?="
JIS = f"=?ISO-2022-JP?B?{base64.b64encode(NAME.encode('iso2022_jp')).decode()}?="
NAMES = {
    "RFC 2231": f"filename*={encode_rfc2231(NAME, 'utf-8')}",
    "RFC 2231 in ISO-2022-JP": f"filename*={encode_rfc2231(NAME.encode('iso2022_jp').decode('ascii'), 'iso-2022-jp')}",
    "RFC 2231 continued": "filename*0*=utf-8''%E8%A6%8B%E7%A9%8D%E6%9B%B8;\r\n filename*1*=%EF%BC%88%E6%9C%80%E7%B5%82%E7%89%88%EF%BC%89;\r\n"
    " filename*2*=%E7%AC%AC%EF%BC%91%E5%8F%B7;\r\n filename*3=.docx",
    "encoded word, as Outlook": f'filename="{ENCODED_WORD}"',
    "encoded word in ISO-2022-JP, as Becky": f'filename="{JIS}"',
    "raw UTF-8": f'filename="{NAME}"',
}  # fmt: skip


@pytest.mark.parametrize("form", NAMES)
def test_japanese_file_names(node: Served, sink: Hop, tmp_path: Path, form: str) -> None:
    data = base64.encodebytes(word("社外秘")).decode().replace("\n", "\r\n")
    identifier = re.sub(r"\W", "", form)
    content = (
        f"From: {TARO}\r\nTo: {SUZUKI}\r\nSubject: x\r\nMessage-ID: <{identifier}@x>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b\r\n'
        f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment;\r\n {NAMES[form]}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{data}\r\n--b--\r\n"
    ).encode()
    (item,) = submit(node, [SUZUKI], content)
    assert item.summary.attachments == (NAME,)
    assert set(unpacked(leave(node, sink, content, SUZUKI), AGREED, tmp_path)) == {NAME}


def test_what_is_encrypted_already_is_left_alone(node: Served, sink: Hop, tmp_path: Path) -> None:
    """A password ZIP and a password PDF stay; the document beside them is encrypted."""
    locked = {
        "済.zip": zip_of(("plan.txt", b"x" * 1000), password="theirs-and-ours-2026"),
        "済.pdf": pdf(password="p"),
    }
    content = with_files(*locked.items(), to=SUZUKI)
    submit(node, [SUZUKI], content)
    assert leave(node, sink, content, SUZUKI).endswith(body_of(content)), "nothing to do, nothing changed"
    content = with_files(*locked.items(), ("計画.docx", word("社外秘")), to=SUZUKI)
    submit(node, [SUZUKI], content)
    found = files_of(leave(node, sink, content, SUZUKI))
    assert {n: c for n, c in found.items() if n in locked} == locked
    assert set(found) == {*locked, "attachments.zip"}


def test_harmless_attachments_are_not_touched(node: Served, sink: Hop) -> None:
    content = with_files(("議事録.docx", word("議事録です")), ("表.csv", b"1,2,3\n"))
    submit(node, [SATO], content)
    assert leave(node, sink, content, SATO).endswith(body_of(content))


def test_an_archive_with_something_confidential_deep_inside(node: Served, sink: Hop, tmp_path: Path) -> None:
    inner = zip_of(("深い/計画.docx", word("社外秘")))
    content = with_files(("資料.zip", zip_of(("中/資料.zip", inner))), to=SUZUKI)
    submit(node, [SUZUKI], content)
    assert set(unpacked(leave(node, sink, content, SUZUKI), AGREED, tmp_path)) == {
        "資料/中/資料/深い/計画.docx"
    }


def test_mixed_recipients(node: Served, sink: Hop, tmp_path: Path) -> None:
    """The colleague reads the document at once; each outsider gets an archive with the passphrase that is theirs."""
    content = with_files(("計画.docx", word("社外秘")), to=f"{SATO}, {SUZUKI}", cc=HANAKO)
    items = submit(node, [SATO, SUZUKI, HANAKO], content)
    assert len(items) == 3
    assert wait_for(lambda: delivered(sink, content, HANAKO))
    assert not delivered(sink, content, SATO)
    assert not delivered(sink, content, SUZUKI)
    (plain,) = delivered(sink, content, HANAKO)
    assert plain.content.endswith(body_of(content))
    (generated,) = [i for i in items if i.passphrase_source == "generated"]
    to_sato = leave(node, sink, content, SATO)
    assert wait_for(lambda: delivered(sink, content, SUZUKI))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert set(unpacked(to_sato, node.secret(generated), tmp_path / "a")) == {"計画.docx"}
    assert set(unpacked(delivered(sink, content, SUZUKI)[0].content, AGREED, tmp_path / "b")) == {"計画.docx"}


def test_a_mail_that_is_one_attachment(node: Served, sink: Hop, tmp_path: Path) -> None:
    content = (
        f"From: {TARO}\r\nTo: {SUZUKI}\r\nSubject: scan\r\nMessage-ID: <whole@x>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: application/pdf; name="scan.pdf"\r\nContent-Disposition: attachment; filename="scan.pdf"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode() + base64.encodebytes(pdf("社外秘")).replace(b"\n", b"\r\n")
    submit(node, [SUZUKI], content)
    assert set(unpacked(leave(node, sink, content, SUZUKI), AGREED, tmp_path)) == {"scan.pdf"}


# T39: the passphrase is nowhere


def spellings(secret: str) -> set[bytes]:
    """Every way in which a text may hide in bytes."""
    plain = secret.encode()
    found = {
        plain,
        plain.upper(),
        plain[::-1],
        binascii.hexlify(plain),
        quopri.encodestring(plain, quotetabs=True),
    }
    found |= {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
    for shift in range(3):  # base64 at every alignment, without the characters that the neighbours change
        found.add(base64.b64encode(bytes(shift) + plain)[4:-4])
    for size in (4, 5):
        groups = [secret[i : i + size] for i in range(0, len(secret), size)]
        found |= {sign.join(groups).encode() for sign in (" ", "-", "\r\n", "&nbsp;")}
    return found


def told_in(content: bytes) -> bytes:
    """Everything that a mail says: its bytes, its decoded header fields, and its decoded parts."""
    message = parsed(content)
    texts = [content, content.replace(b"\r\n", b""), *(str(v).encode() for v in message.values())]
    texts += [p.get_payload(decode=True) or b"" for p in message.walk()]  # type: ignore[misc]
    return b"\0".join(texts)


@pytest.mark.parametrize(
    "count", [15, pytest.param(1000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])]
)
def test_the_passphrase_is_nowhere(node: Served, sink: Hop, count: int) -> None:
    before, known = len(sink.sink.mails), len(node.items())
    replies = ""
    with node.connect() as client:
        for number in range(count):
            content = with_files((f"{number}.txt", "社外秘\n".encode()), subject=f"資料 {number}")
            code, text = node.send(TARO, [SATO, SUZUKI], content, client=client)
            assert code == 250, text
            replies += text
    items = [i for i in node.items()[known:] if i.direction == "outbound"]
    secrets = node.secrets([i for i in items if i.passphrase_source == "generated"])
    assert not [s for s in secrets if s in replies]
    assert len(set(secrets)) == count
    page = node.console("taro")
    for item in items:
        page.send_now(item)
    expected = before + 3 * count  # each outsider one, the sender a notice
    taken = sink.taken(expected, 30 + count / 5)[before:]
    assert len(taken) >= 3 * count
    # All spellings at once by their beginnings: a thousand secrets one by one would take an hour.
    firsts = {spelling[:14] for secret in [*secrets, AGREED] for spelling in spellings(secret)}
    database = [p.read_bytes() for p in (node.directory / "state").glob("sekisho.db*")]
    told = [
        node.log.encode(),
        repr(node.entries("accept")).encode(),
        *database,
        *(told_in(m.content) for m in taken),
    ]

    def tells(text: bytes) -> bool:
        return not firsts.isdisjoint(text[n : n + 14] for n in range(len(text) - 13))

    for planted in (
        mail(text=f"本文 {secrets[-1]}\n"),
        mail(subject=f"件名 {secrets[-1]}"),
        mail(html=f"<b>{AGREED}</b>"),
    ):
        assert tells(told_in(planted.as_bytes())), "the search finds what is there"
    assert not [text[:500] for text in told if tells(text)]
    print(f"{count} encrypted sends, {len(taken)} delivered mails searched, 0 hits")


# What cannot be encrypted does not leave


def signed() -> bytes:
    """A signed mail: a change would break the signature."""
    content = with_files(("計画.docx", word("社外秘")), to=SATO)
    head, _, body = content.partition(b"\r\n\r\n")
    fields = [
        f for f in re.split(rb"\r\n(?![ \t])", head) if not f.lower().startswith((b"content-", b"mime-"))
    ]
    types = [f for f in re.split(rb"\r\n(?![ \t])", head) if f.lower().startswith(b"content-")]
    return b"\r\n".join(
        [*fields, b"MIME-Version: 1.0",
         b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="s"', b"",
         b"--s", *types, b"", body, b"--s", b'Content-Type: application/pkcs7-signature; name="smime.p7s"',
         b"Content-Transfer-Encoding: base64", b"", base64.b64encode(b"0\x82" + bytes(200)), b"--s--", b""]
    )  # fmt: skip


def telling() -> bytes:
    """The sender wrote the agreed passphrase into the mail."""
    return with_files(("計画.docx", word("社外秘")), to=SUZUKI, text=f"パスワードは {AGREED} です。\n")


FAILING = {"signed": (signed, SATO), "tells the passphrase": (telling, SUZUKI)}


def stays(node: Served, sink: Hop, item: Item, content: bytes, recipient: str) -> None:
    """Held for the administrator; whatever people press, it does not leave as it is."""
    assert item.state is State.HELD
    assert item.holds
    node.console("taro").act(
        item, "send_now", checked=["client.example.net", "partner.example.com", "attachments"]
    )
    node.console("admin").act(item, "release", reason="let it go")
    node.console("taro").act(
        item, "send_now", checked=["client.example.net", "partner.example.com", "attachments"]
    )
    after = node.items(mail_id=item.mail_id, direction="outbound")[0]
    assert after.state is State.HELD
    assert after.holds == item.holds
    assert not delivered(sink, content, recipient)
    assert node.command("release", item.id, "--reason", "by hand").returncode == 1
    assert node.items(mail_id=item.mail_id, direction="outbound")[0].state is State.HELD
    assert node.console("taro").act(item, "recall").status_code == 303
    assert node.items(mail_id=item.mail_id, direction="outbound")[0].state is State.WITHDRAWN


def test_a_fragment_of_a_mail_does_not_leave_as_it_is(node: Served, sink: Hop) -> None:
    """message/partial (RFC 2046 §5.2.2) with a document in it: nobody here sees the whole."""
    head = f"From: {TARO}\r\nTo: {SATO}\r\nSubject: part\r\nMessage-ID: <partial@x>\r\nMIME-Version: 1.0\r\n"
    part = 'Content-Type: message/partial; id="a@b"; number=2; total=3\r\n\r\n'
    content = head.encode() + part.encode() + with_files(("計画.txt", "社外秘\n".encode()))
    code, text = node.send(TARO, [SATO], content)
    if code == 250:  # a policy may hold it instead
        (item,) = submit(node, [SATO], content)
        assert item.holds
    else:
        assert code == 550, text
        assert "ambiguous_mail" in node.entries("refuse")[-1].detail["rules"]
    assert not delivered(sink, content, SATO)


@pytest.mark.parametrize("why", FAILING)
def test_a_mail_that_cannot_be_encrypted_stays(node: Served, sink: Hop, why: str) -> None:
    make, recipient = FAILING[why]
    content = make()
    (item,) = submit(node, [recipient], content)
    stays(node, sink, item, content, recipient)


def test_a_passphrase_that_is_too_weak_for_the_policy(variant: Served, sink: Hop) -> None:
    """Agreed when the policy asked for less: the mail is held, and the next one with a better passphrase leaves."""
    variant.agree("partner.example.com", "kumquat-Ridge-48")
    content = with_files(("計画.docx", word("社外秘")), to=SUZUKI)
    (item,) = submit(variant, [SUZUKI], content)
    stays(variant, sink, item, content, SUZUKI)
    variant.agree("partner.example.com", AGREED + "-" + AGREED[::-1])
    content = with_files(("計画.docx", word("社外秘")), to=SUZUKI)
    submit(variant, [SUZUKI], content)
    assert wait_for(lambda: delivered(sink, content, SUZUKI)), "after its two seconds"
    assert list(files_of(delivered(sink, content, SUZUKI)[0].content)) == ["attachments.zip"]


def test_no_traceback(node: Served) -> None:
    assert "Traceback" not in node.log


def test_archives_are_read_by_python_too(node: Served, sink: Hop) -> None:
    """AE-2 by the format's own words: no CRC, AES-256 in the extra field (T41)."""
    content = with_files(("計画.docx", word("社外秘")), to=SUZUKI)
    submit(node, [SUZUKI], content)
    archive = files_of(leave(node, sink, content, SUZUKI))["attachments.zip"]
    with zipfile.ZipFile(io.BytesIO(archive)) as outer:
        member, _ = outer.infolist()  # and names.txt
        assert member.compress_type == 99
        assert member.CRC == 0
        assert member.extra[:2] == b"\x01\x99"
        assert member.extra[4:6] == b"\x02\x00"
        assert member.extra[8] == 3
