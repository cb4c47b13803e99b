"""IN-VIRUS and OUT-VIRUS in a whole node: a real ClamAV daemon that knows the EICAR test file, and one that is gone."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import pyzipper

from config.policy import RulePolicy
from gateway.command.explain import explain
from gateway.locked import sandbox
from gateway.rounds import scan_rounds
from quarantine.item import Item, State
from quarantine.store import Query
from tests.filters.mails import attached
from tests.gateway.test_app import SATO, TARO
from tests.services.clamav import EICAR, LARGEST, NAME, Daemon, clamav
from tests.services.node import Site, policy_of, settings_of, site

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)
STRANGER = "tanaka@partner.example"


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    with clamav() as running:
        yield running


def scanner(address: str, **more: object) -> dict[str, object]:
    return {"scanner": {"clamd": address, "database_days": 0, **more}}


def arriving(*files: tuple[str, bytes], body: str = "資料をお送りします。") -> bytes:
    return attached(*files, to=TARO, body=body).replace(b"sato@us.example", STRANGER.encode())


def leaving(*files: tuple[str, bytes], to: str = SATO) -> bytes:
    return attached(*files, to=to).replace(b"sato@us.example", TARO.encode())


def locked(content: bytes, password: bytes) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", encryption=pyzipper.WZ_AES, compression=pyzipper.ZIP_DEFLATED
    ) as archive:
        archive.setpassword(password)
        archive.writestr("a.txt", content)
    return out.getvalue()


async def comes(here: Site, raw: bytes) -> tuple[int, str]:
    return await here.send(STRANGER, [TARO], raw, name="inbound", login="")


async def held(here: Site) -> list[Item]:
    return await here.node.store.find(Query("default", state=(State.HELD,), order="oldest"))


async def test_what_a_real_scanner_finds_is_held_in_both_directions(tmp_path: Path, daemon: Daemon) -> None:
    secret = "Kumquat-Ridge-48"
    opened = arriving(("a.zip", locked(EICAR, secret.encode())), body=f"パスワード: {secret}")
    async with site(tmp_path, **scanner(daemon.unix)) as here:
        for raw in (arriving(("a.txt", EICAR)), opened):
            code, text = await comes(here, raw)
            assert code == 250, text
        assert (await here.send(TARO, [SATO], leaving(("a.txt", EICAR))))[0] == 250
        assert (await comes(here, arriving(("a.txt", b"harmless"))))[0] == 250
        assert (await comes(here, arriving(("b.bin", bytes(2 * LARGEST)))))[0] == 250
        items = await held(here)
        (caught,) = await here.caught(1)
    assert [item.holds[0] if "virus" not in item.holds else "virus" for item in items] == [
        "virus", "virus", "infected_mail", "unscanned",
    ]  # fmt: skip
    for item in items[:3]:
        (finding,) = [f for f in item.findings if f.rule in ("virus", "infected_mail")]
        assert finding.values["names"].startswith(NAME)
    assert b"b.bin" not in caught.content


async def test_while_nobody_looks_mail_comes_again_and_leaving_mail_waits_for_the_scanner(
    tmp_path: Path, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_rounds, "ROUND", 0.1)
    address = tmp_path / "clamd.ctl"
    async with site(tmp_path, **scanner(f"unix://{address}")) as here:
        code, text = await comes(here, arriving(("a.txt", b"harmless")))
        assert (code, "virus" in text or "ウイルス" in text) == (451, True)
        for to, content in ((TARO, b"harmless"), (TARO, EICAR)):
            code, text = await here.send(TARO, [to], leaving(("a.txt", content), to=to))
            assert (code, "held" in text) == (250, True), text
        assert [item.holds for item in await held(here)] == [("unscanned_mail",)] * 2
        address.symlink_to(daemon.unix.removeprefix("unix://"))
        (caught,) = await here.caught(1)
        for _ in range(200):
            if [item.holds for item in await held(here)] == [("infected_mail",)]:
                break
            await asyncio.sleep(0.05)
        assert [item.holds for item in await held(here)] == [("infected_mail",)]
        assert b"harmless" not in caught.content, "in base64"
        assert (await comes(here, arriving(("a.txt", b"harmless"))))[0] == 250


async def test_the_policy_says_what_becomes_of_mail_that_nobody_scanned(tmp_path: Path) -> None:
    open_ = {"unscanned": RulePolicy("observe"), "unscanned_mail": RulePolicy("observe")}
    shipped = policy_of()
    policy = msgspec.structs.replace(shipped, rules={**shipped.rules, **open_})
    async with site(tmp_path, policy, **scanner(f"unix://{tmp_path / 'nobody'}")) as here:
        assert (await comes(here, arriving(("a.txt", b"harmless"))))[0] == 250
        assert (await here.send(TARO, [TARO], leaving(("a.txt", b"x"), to=TARO)))[0] == 250
        caught = await here.caught(2)
    assert b"unscanned" in caught[0].content, "it is on record"


async def test_where_no_rule_asks_nobody_is_asked(tmp_path: Path) -> None:
    off = {name: RulePolicy("off") for name in ("virus", "unscanned", "infected_mail", "unscanned_mail")}
    shipped = policy_of()
    policy = msgspec.structs.replace(shipped, rules={**shipped.rules, **off})
    async with site(tmp_path, policy, **scanner(f"unix://{tmp_path / 'nobody'}")) as here:
        assert (await comes(here, arriving(("a.txt", b"harmless"))))[0] == 250
        assert len(await here.caught(1)) == 1


async def test_a_scanner_that_hangs_keeps_no_other_mail(tmp_path: Path) -> None:
    """A mail that waits for the scanner occupies no examining process, and mail that needs no scan goes on."""

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    off = {name: RulePolicy("off") for name in ("infected_mail", "unscanned_mail")}
    shipped = policy_of()
    policy = msgspec.structs.replace(shipped, rules={**shipped.rules, **off})
    server = await asyncio.start_unix_server(never, tmp_path / "s")
    hangs = scanner(f"unix://{tmp_path / 's'}", seconds=2)
    async with server, site(tmp_path, policy, **hangs) as here, asyncio.TaskGroup() as group:
        waiting = [group.create_task(comes(here, arriving(("a.txt", b"harmless")))) for _ in range(2)]
        code, text = await here.send(TARO, [TARO], leaving(("a.txt", b"x"), to=TARO))
        assert code == 250, text
        assert not any(task.done() for task in waiting)
        assert len(await here.caught(1)) == 1
    assert {task.result()[0] for task in waiting} == {451}


def test_explain_asks_the_scanner_and_says_what_would_change_it(tmp_path: Path, daemon: Daemon) -> None:
    settings = settings_of(tmp_path, 1, **scanner(daemon.unix))
    answer = explain(arriving(("a.txt", EICAR)), policy_of(), "inbound", settings=settings)
    (finding,) = [f for f in answer["findings"] if f["rule"] == "virus"]
    assert NAME in finding["ja"]
    assert NAME in finding["en"]
    assert {"rule": "virus", "disposition": "deliver"}.items() <= answer["without"][0].items()
