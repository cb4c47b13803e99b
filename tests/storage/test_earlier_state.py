"""The state that an earlier program left opens with this one, and people go on where they stopped.

state_85be51c/ was written by the program of that commit (see its README). Each test restores it into an empty folder,
on SQLite and on PostgreSQL, and starts today's program on it, at the time when it was left.
"""

import asyncio
import email
import email.policy
import io
import json
import re
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import pyzipper

from config.policy import RulePolicy
from filters.examined import LOCKED
from gateway.app import Node
from gateway.clock import SteadyClock
from gateway.demo.mail_catcher import Catcher
from gateway.demo.samples import docx
from quarantine.item import Item, State, Status
from quarantine.store import Query
from storage import journal
from storage.database import open_database
from storage.interfaces import Database, Row
from storage.migrations import shipped
from storage.seal import open_seal
from tests.services.node import Site, policy_of, settings_of
from tests.services.postgres import Cluster, cluster
from tests.services.served import Console
from tests.services.zygotes import quickly

STATE = Path(__file__).parent / "state_85be51c"
LEFT = 1_795_943_400.0
"""When it was left, UTC seconds; a few minutes at most after what was done last."""
DAY = 86_400.0
EARLIER = 121
"""The newest migration of then."""
TARO, HANAKO = "taro@example.co.jp", "hanako@example.co.jp"
CUSTOMER = "sato@client1.example.net"
PASSPHRASE = "kumquat-Ridge-48-lantern-Osprey"
WORD = "Kumquat-Osprey-71"


class Left(NamedTuple):
    """A restored state: its folder (with `state` in it) and its database."""

    folder: Path
    url: str

    @property
    def key(self) -> Path:
        return self.folder / "state" / "seal.key"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.system)])
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Left:
    """The state as it was left, in a folder of its own."""
    state = tmp_path / "state"
    shutil.copytree(STATE / "spool", state / "spool")
    shutil.copyfile(STATE / "seal.key", state / "seal.key")
    (state / "seal.key").chmod(0o600)
    if request.param == "sqlite":
        url = f"sqlite:///{state / 'sekisho.db'}"
        _into_sqlite(state / "sekisho.db")
    else:
        url = request.getfixturevalue("postgres").create()
        _into_postgres(url)
    return Left(tmp_path, url)


def _script() -> str:
    return (STATE / "database.sql").read_text("utf-8")


def _contents() -> list[tuple[str, bytes]]:
    return [(file.name, file.read_bytes()) for file in sorted((STATE / "contents").iterdir())]


def _into_sqlite(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(_script())
    connection.executemany("INSERT INTO content (key, data) VALUES (?, ?)", _contents())
    connection.commit()
    connection.close()


def _into_postgres(url: str) -> None:
    import psycopg

    script = re.sub(r"X'([0-9A-F]*)'", r"'\\x\1'", _script())
    with psycopg.connect(url) as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # tables stand in the order of their names
        connection.execute(script.encode())
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO content (key, data) VALUES (%s, %s)", _contents())


async def _rows(database: Database, sql: str) -> list[Row]:
    return await database.read(lambda transaction: transaction.execute(sql))


def _numbers() -> dict[str, int]:
    """How many rows each table had."""
    return {
        table: len(re.findall(rf'^INSERT INTO "{table}" ', _script(), re.MULTILINE))
        for table in re.findall(r"^CREATE TABLE (\w+)", _script(), re.MULTILINE)
    } | {"content": len(_contents())}


async def test_no_row_is_lost_and_all_belong_to_the_default_tenant(left: Left) -> None:
    database = open_database(left.url)
    try:
        applied = {row["number"] for row in await _rows(database, "SELECT number FROM schema_version")}
        assert applied == {m.number for m in shipped()} > {EARLIER}
        numbers = _numbers()
        assert numbers.pop("schema_version") < len(applied)
        assert min(numbers.values()) > 0, "every table of then has something to lose"
        for table, number in numbers.items():
            rows = await _rows(database, f"SELECT * FROM {table}")
            assert len(rows) == number, table
            assert {row.get("tenant", "default") for row in rows} == {"default"}, table
        names = {r["login"]: json.loads(r["name"]) for r in await _rows(database, "SELECT * FROM people")}
        assert names["shacho"] == {"ja": '関 "一郎"', "en": "Ichiro \\ Seki"}
    finally:
        await database.close()


async def test_the_journal_is_whole_and_secrets_open(left: Left) -> None:
    database = open_database(left.url)
    try:
        seal = await open_seal(left.key, database)
        chains = await journal.chains(database)
        assert chains == ["node1"]
        assert await journal.verify(database, "node1", proves=seal.is_mark) is None
        entries = await _rows(database, "SELECT * FROM journal ORDER BY seq")
        assert len(entries) == _numbers()["journal"]
        await database.write(
            lambda t: t.execute("UPDATE journal SET actor = 'nobody' WHERE node = 'node1' AND seq = 9")
        )
        found = await journal.verify(database, "node1", proves=seal.is_mark)
        assert found is not None, "the check can fail"
        assert found.seq == 9
    finally:
        await database.close()


@asynccontextmanager
async def _running(
    left: Left, monkeypatch: pytest.MonkeyPatch, at: float
) -> AsyncIterator[tuple[Node, Catcher]]:
    """Today's node on the state, its clocks at `at`."""
    began = time.monotonic()

    def wall() -> float:
        return at + time.monotonic() - began

    monkeypatch.setattr(time, "time", wall)
    catcher = Catcher(left.folder / "caught")
    hop = await catcher.start(0)
    shipped_policy = policy_of()
    policy = msgspec.structs.replace(
        shipped_policy, rules=shipped_policy.rules | {LOCKED: RulePolicy(then="hold")}
    )
    node = Node(settings_of(left.folder, hop, database=left.url), policy)
    node.clock = SteadyClock(wall)
    with quickly():
        await node.start()
        try:
            yield node, catcher
        finally:
            await node.stop()
            await catcher.stop()


async def _named(node: Node, subject: str, **query: object) -> Item:
    found = [
        i for i in await node.store.find(Query("default", limit=500, **query)) if i.summary.subject == subject
    ]  # type: ignore[arg-type]
    assert len(found) == 1, (subject, [(i.id, i.state) for i in found])
    return found[0]


async def _ended(node: Node, item: Item) -> Item:
    """The item when it is done, or as it is after a while."""
    for _ in range(1500):
        if (now := await node.store.get(item.id, "default")).state is State.DONE:
            break
        await asyncio.sleep(0.02)
    return now


def _delivered(catcher: Catcher, recipient: str, subject: str) -> EmailMessage:
    for caught in catcher.caught:
        message = email.message_from_bytes(caught.content, policy=email.policy.default)
        if recipient in caught.recipients and str(message["Subject"]).endswith(subject):
            return message
    raise AssertionError(f"{subject} did not come to {recipient}")


async def test_people_go_on_where_they_stopped(left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    async with _running(left, monkeypatch, LEFT) as (node, catcher):
        base = "http://{}:{}".format(*node.addresses["console"])

        async def played(part: Callable[..., None], *arguments: object) -> None:
            await asyncio.to_thread(part, base, *arguments)

        # What was held by the clock, waits for somebody, or was read, is shown to whom it concerns.
        clocked = await _named(node, "お見積りの件")
        secret = await _named(node, "計画の送付")
        large = await _named(node, "大きな資料")
        await played(_taro, clocked, secret, large)
        told = await _ended(node, clocked)
        assert [r.status for r in told.recipients] == [Status.DELIVERED]
        assert "見積りは明日お送りします。" in _delivered(catcher, CUSTOMER, "お見積りの件").get_content()
        await played(_hanako, secret)
        assert (await node.store.get(secret.id, "default")).approvals == ()
        # An administrator releases what a recipient had asked for; the recipient types the password of another.
        asked = await _named(node, "履歴書の送付", state=(State.HELD,))
        await played(_administrator, asked)
        await _ended(node, asked)
        (file,) = _delivered(catcher, TARO, "履歴書の送付").iter_attachments()
        assert file.get_payload(decode=True) == b"MZ" + bytes(range(64)) * 4
        locked = await _named(node, "資料の件", state=(State.HELD,))
        await played(_password, locked)
        await _ended(node, locked)
        (file,) = _delivered(catcher, TARO, "資料の件").iter_attachments()
        assert file.get_filename() == "資料.zip"
        chains = await journal.chains(node.store.database)
        assert "node1" in chains
        for chain in chains:
            assert await journal.verify(node.store.database, chain, proves=node.seal.is_mark) is None


def _taro(base: str, clocked: Item, secret: Item, large: Item) -> None:
    taro = Console(base, "taro")
    mine = taro.client.get("/mail").text
    for subject in (
        "お見積りの件",
        "計画の送付",
        "計画の共有",
        "一時停止",
        "年末のご挨拶",
        "買収の件",
        "誤送信",
    ):
        assert subject in mine, subject
    assert "東西南北" in taro.look(large), "read from the spool"
    taro.look(secret)
    shown = taro.client.post(f"/mail/{secret.id}/passphrase", data={"token": taro.token})
    assert shown.status_code == 200
    assert "履歴書の送付" in taro.client.get("/waiting").text
    assert "配送のお知らせ" in taro.client.get("/received").text
    taro.send_now(clocked)


def _hanako(base: str, secret: Item) -> None:
    hanako = Console(base, "hanako")
    assert "計画の送付" in hanako.client.get("/approvals").text
    answer = hanako.approve(secret)
    assert answer.status_code == 303, answer.text[-500:]


def _administrator(base: str, asked: Item) -> None:
    admin = Console(base, "admin")
    partners, lists, reports = (
        admin.client.get(f"/{page}").text for page in ("partners", "listings", "reports")
    )
    assert "partner.example.com" in partners
    assert "buyer@client2.example.net" in partners
    for subject in ("spam.example.org", CUSTOMER, "update@vendor.example.org"):
        assert subject in lists, subject
    assert "配送のお知らせ" in reports
    assert "アカウントの確認" in reports
    assert "採用の件です" in admin.look(asked)
    opened = admin.client.post(f"/mail/{asked.id}/open", data={"token": admin.token, "reason": "確認"})
    assert "履歴書です。" in opened.text, "the content of then is read"
    answer = admin.act(asked, "release", reason="確認済み")
    assert answer.status_code == 303, answer.text[-500:]


def _password(base: str, locked: Item) -> None:
    taro = Console(base, "taro")
    assert "資料の件" in taro.read(f"/waiting/{locked.id}")
    answer = taro.client.post(f"/waiting/{locked.id}/password", data={"token": taro.token, "password": WORD})
    assert answer.status_code == 303, answer.text[-500:]


async def test_new_mail_meets_what_was_known_then(left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    """A partner's passphrase, a blocked domain, an address to which somebody once wrote."""
    async with _running(left, monkeypatch, LEFT) as (node, catcher):
        here = Site(node, catcher)
        plan = EmailMessage()
        plan["From"], plan["To"], plan["Subject"] = TARO, "suzuki@partner.example.com", "続きの計画"
        plan.set_content("資料をお送りします。\n")
        plan.add_attachment(
            docx("社外秘", "計画"), maintype="application", subtype="octet-stream", filename="計画.docx"
        )
        code, told = await here.send(TARO, ["suzuki@partner.example.com"], plan.as_bytes())
        assert code == 250, told
        item = await _named(node, "続きの計画")
        assert item.passphrase_source == "domain"
        leaves = email.message_from_bytes(
            bytes(await node.store.blobs.get(item.blob)), policy=email.policy.default
        )
        (archive,) = (p for p in leaves.iter_attachments() if str(p.get_filename()).endswith(".zip"))
        with pyzipper.AESZipFile(io.BytesIO(archive.get_content())) as packed:
            packed.setpassword(PASSPHRASE.encode())
            assert packed.namelist() == ["1.docx", "names.txt"]
            assert "計画.docx" in packed.read("names.txt").decode("utf-8-sig")
        blocked = EmailMessage()
        blocked["From"], blocked["To"], blocked["Subject"] = "a@spam.example.org", TARO, "ご案内"
        blocked.set_content("ご案内です。\n")
        await here.send("a@spam.example.org", [TARO], blocked.as_bytes(), name="inbound")
        (entry,) = [e for e in await node.store.entries("default", limit=1000) if "ご案内" in str(e.detail)]
        assert "blocked" in str(entry.detail), entry
        rows = await _rows(node.store.database, "SELECT * FROM correspondents")
        written = {(r["tenant"], r["address"]) for r in rows if r["sent_at"]}
        assert ("default", CUSTOMER) in written
        assert ("default", "buyer7@client7.example.net") in written


async def test_what_was_kept_long_enough_ends(left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    async with _running(left, monkeypatch, LEFT + 31 * DAY) as (node, catcher):
        for subject in ("履歴書の送付", "資料の件", "【重要】アカウントの確認が必要です"):
            item = await _named(node, subject, direction="inbound")
            for _ in range(1500):
                if (now := await node.store.get(item.id, "default")).state is State.WITHDRAWN:
                    break
                await asyncio.sleep(0.02)
            assert now.state is State.WITHDRAWN, subject
        # What the clock held alone has left by now; what waits for a person has not.
        await _ended(node, await _named(node, "お見積りの件"))
        assert _delivered(catcher, CUSTOMER, "お見積りの件")
        assert (await _named(node, "買収の件")).state is State.HELD
