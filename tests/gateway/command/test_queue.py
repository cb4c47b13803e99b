"""What an operator sees of the queue, and having what waits tried now, beside a running node and without one."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.command import queue
from gateway.command.cli import main
from gateway.command.operator import opened
from gateway.service.asking import NoAnswer
from mail.cause import Cause
from quarantine.item import Item, Outcome, State, Status
from quarantine.service.handwork import Handwork
from quarantine.service.shown import ItemPage
from quarantine.store import Query
from tests.gateway.command.test_cli import configured
from tests.gateway.test_app import HANAKO, TARO, mail
from tests.quarantine.items import item
from tests.services.node import settings_of, site

REPLY = "451 4.7.5 TLS with the next hop failed (127.0.0.1:9: certificate has expired (X509 10))"


async def waiting(tmp_path: Path, *to: str) -> list[str]:
    """Mails of a node that is not running, tried once long ago; their ids."""
    (tmp_path / "state").mkdir()
    async with opened(settings_of(tmp_path, 9)) as store:
        for address in to:
            await store.put([item(address)], 1000.0, "test")
        for one in await store.lease(1000.0, 10, 60):
            outcome = Outcome(0, Status.DEFERRED, REPLY, Cause.CERTIFICATE_EXPIRED, "127.0.0.1:9")
            await store.finish(one, [outcome], 1000.0, 1e11)
        await store.put([item("held@x.example", holds=("x",))], 1000.0, "test")
        return [i.id for i in await store.find(Query("default", state=(State.QUEUED,), order="oldest"))]


async def test_the_queue_says_why_each_mail_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = await waiting(tmp_path, "a@x.example")
    assert await queue.show(settings_of(tmp_path, 9), "default", "queued", queue.PageOfQueue()) == 0
    headings, first, second, total = capsys.readouterr().out.splitlines()
    assert headings == queue.HEADINGS
    assert total == "1 queued"
    assert one in first
    assert "127.0.0.1:9: The certificate of the next mail server has expired [certificate_expired]" in second
    assert "X509 10" in second


async def test_how_many_and_what_they_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids, settings = await waiting(tmp_path, "a@x.example", "b@y.example"), settings_of(tmp_path, 9)
    assert await queue.retry_now(settings, "default", hop="other:25") == 0
    assert "nothing waits" in capsys.readouterr().out
    assert await queue.retry_now(settings, "default", domain="x.example", reason="mended") == 0
    told = capsys.readouterr().out
    assert ids[0] in told
    assert ids[1] not in told
    assert "1 waited for 127.0.0.1:9: certificate_expired. Renew the certificate there." in told
    assert "1 mail is due now" in told
    assert await queue.retry_now(settings, "default") == 0
    assert "1 mail is due now" in capsys.readouterr().out
    assert await queue.retry_now(settings, "default", ids[0]) == 0
    assert f"{ids[0]} is due already" in capsys.readouterr().out


async def test_what_is_not_in_the_queue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await waiting(tmp_path)
    settings = settings_of(tmp_path, 9)
    assert await queue.retry_now(settings, "default", "nosuchitem") == 1
    async with opened(settings) as store:
        (held,) = await store.find(Query("default", state=(State.HELD,)))
        assert await queue.retry_now(settings, "default", held.id) == 1
        assert "only what is queued" in capsys.readouterr().out
        assert await store.get(held.id, "default") == held
        assert await queue.retry_now(settings, "other", held.id) == 1


async def test_a_large_queue_is_told_as_far_as_it_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quarantine.queue.retrying.PAGE", 2)
    await waiting(tmp_path, *(f"a{n}@x.example" for n in range(7)))
    settings, asked, retry = settings_of(tmp_path, 9), [], Handwork.retry

    async def breaks(self: Handwork, *said: str, **more: Any) -> ItemPage:
        asked.append(more["after"])
        if len(asked) == 3:
            raise NoAnswer("no answer (TimeoutError)")
        return await retry(self, *said, **more)

    monkeypatch.setattr(Handwork, "retry", breaks)
    assert await queue.retry_now(settings, "default") == 1
    told = capsys.readouterr().out
    assert "4 mails are due now" in told
    assert "4 waited for 127.0.0.1:9: certificate_expired." in told
    assert "say it again for the rest" in told
    assert await queue.retry_now(settings, "default") == 0
    told = capsys.readouterr().out
    assert "3 mails are due now" in told
    assert "3 waited for" in told


async def test_a_running_node_delivers_what_is_tried_now(tmp_path: Path) -> None:
    """The command writes to the database, and the node finds it: nothing tells it."""
    async with site(tmp_path) as here:
        blob = await here.node.store.blobs.put([mail(HANAKO)], "default")
        kept = {"blob": blob.key, "size": blob.size, "sha256": blob.sha256, "accepted_at": here.node.clock()}
        later: Item = item(HANAKO, reverse_path=TARO, delay=3600, **kept)
        (later,) = await here.node.store.put([later], here.node.clock(), "test")
        now = later.due_at or 0.0
        (leased,) = await here.node.store.lease(now, 1, 60)
        outcome = Outcome(0, Status.DEFERRED, "451 4.4.1 no", Cause.UNREACHABLE, "127.0.0.1:9")
        await here.node.store.finish(leased, [outcome], now, now + 3600)
        assert await queue.retry_now(here.node.settings, "default", hop="127.0.0.1:9") == 0
        (caught,) = await here.caught(1)
        assert caught.recipients == (HANAKO,)


def test_the_command_wants_to_know_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(configured(tmp_path))
    (tmp_path / "state").mkdir()
    with pytest.raises(SystemExit):
        main(["retry", "--config", config])
    with pytest.raises(SystemExit):
        main(["retry", "--all", "--hop", "x:25", "--config", config])
    assert main(["retry", "--all", "--config", config]) == 0
    assert "nothing waits" in capsys.readouterr().out


def test_who_is_waited_for_is_named() -> None:
    told = [
        queue._line(msgspec.structs.replace(one, state=State.HELD)).rpartition("  ")[2]
        for one in (item(self_review=True, approvals=("president",)), item(self_review=True), item())
    ]
    assert told == ["[president, review]", "[review]", "[sender]"]


async def test_a_page_says_where_one_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids, settings = (
        await waiting(tmp_path, "a@x.example", "b@y.example", "c@z.example"),
        settings_of(tmp_path, 9),
    )
    for page, shown in ((1, ids[:2]), (2, ids[2:]), (3, [])):
        assert await queue.show(settings, "default", "queued", queue.PageOfQueue(page, 2)) == 0
        told = capsys.readouterr().out
        assert [each for each in ids if each in told] == shown
        assert f"page {page} of 2" in told
        assert "of 3 (3 queued)" in told
