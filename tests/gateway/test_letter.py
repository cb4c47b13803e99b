"""A letter of ours: from nobody, to one person, answered by no machine."""

from pathlib import Path

from directory.people import Account
from gateway.letter import Letter, letter_item
from storage.spool import Spool
from tests.gateway.test_unlock import message_of
from tests.services.node import settings_of

TARO = Account("taro", "山田太郎", "Taro", ("taro@example.co.jp", "t@example.co.jp"), language="ja")


async def made(tmp_path: Path, letter: Letter) -> tuple[object, bytes]:
    blobs = Spool(tmp_path / "spool")
    item = await letter_item(
        letter, TARO, settings=settings_of(tmp_path, 1), item_id="i1", now=1000.0, put=blobs.put
    )
    raw = bytes(await blobs.get(item.blob))
    await blobs.close()
    assert (item.reverse_path, item.owner, item.direction) == ("", "taro", "notice")
    assert [r.path.address for r in item.recipients] == ["taro@example.co.jp"]
    assert item.mail_id == (letter.mail_id or "i1")
    return item, raw


async def test_plain(tmp_path: Path) -> None:
    _, raw = await made(tmp_path, Letter("件名\r\nBcc: x@y", "一行目\n二行目\n", mail_id="m1"))
    message = message_of(raw)
    assert message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-generated"
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
