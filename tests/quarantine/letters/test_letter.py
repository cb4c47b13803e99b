"""A letter of ours: from nobody, to one person or to many who do not see each other, answered by no machine."""

from pathlib import Path

import msgspec

from directory.account import Account
from quarantine.item import Item, State
from quarantine.letters.letter import Letter, Post, indented, write
from storage.spool import Spool
from tests.gateway.test_unlock import message_of
from tests.services.node import settings_of

TARO = Account(
    "taro",
    {"ja": "山田太郎", "en": "Taro"},
    ("taro@example.co.jp", "t@example.co.jp"),
    language="ja",
    tenant="t1",
)


async def made(
    tmp_path: Path, letter: Letter, account: Account = TARO, to: tuple[str, ...] = ()
) -> tuple[Item, bytes]:
    blobs = Spool(tmp_path / "spool")
    post = Post(settings_of(tmp_path, 1), blobs.put)
    item = await (
        post.item(letter, to, 1000.0, tenant="default") if to else post.to_account(letter, account, 1000.0)
    )
    raw = bytes(await blobs.get(item.blob))
    await blobs.close()
    assert (item.reverse_path, item.direction, item.state) == ("", "notice", State.QUEUED)
    assert {r.path.notify for r in item.recipients} == {("NEVER",)}
    assert item.mail_id == (letter.mail_id or item.id)
    assert message_of(raw)["Auto-Submitted"] == "auto-generated"
    return item, raw


async def test_plain(tmp_path: Path) -> None:
    item, raw = await made(tmp_path, Letter("件名\r\nBcc: x@y", "一行目\n二行目\r\n", mail_id="m1"))
    assert (item.owner, item.tenant, item.smtputf8) == ("taro", "t1", False)
    assert [r.path.address for r in item.recipients] == ["taro@example.co.jp"]
    message = message_of(raw)
    assert message["To"] == "山田太郎 <taro@example.co.jp>"
    assert message["Bcc"] is None
    assert message.get_content().splitlines() == ["一行目", "二行目"]
    assert raw.count(b"\n") == raw.count(b"\r\n")


async def test_with_html_beside_it(tmp_path: Path) -> None:
    _, raw = await made(tmp_path, Letter("x", "text\n", "<p>html</p>"))
    message = message_of(raw)
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert (plain.get_content().strip(), html.get_content()) == ("text", "<p>html</p>")


async def test_many_do_not_see_each_other(tmp_path: Path) -> None:
    item, raw = await made(tmp_path, Letter("x", "text\n"), to=("a@example.jp", "b@example.jp"))
    assert [r.path.address for r in item.recipients] == ["a@example.jp", "b@example.jp"]
    assert b"To: undisclosed-recipients:;\r\n" in raw
    assert b"example.jp" not in raw
    assert (item.owner, item.smtputf8) == ("", False)


async def test_an_address_beyond_ascii_needs_smtputf8(tmp_path: Path) -> None:
    jp = msgspec.structs.replace(TARO, addresses=("太郎@example.jp",))
    item, _ = await made(tmp_path, Letter("x", "text\n"), jp)
    assert item.smtputf8
    item, _ = await made(tmp_path, Letter("x", "text\n"), to=("a@example.jp", "太郎@example.jp"))
    assert item.smtputf8


def test_what_is_not_said_leaves_no_gap() -> None:
    """A value that is "" takes its paragraph with it, in every letter."""
    letter = write(
        "released.recipient", "en", mail_id="m1", mail=indented(["Subject: x", "From: y"]), answer=""
    )
    assert letter.text.endswith("    Subject: x\n    From: y\n")
    assert "\n\n\n" not in letter.text
    assert (letter.mail_id, letter.html) == ("m1", "")
