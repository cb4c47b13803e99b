"""Two tenants in one node, with the same people, domains and partners: nothing is decided by what is the other's."""

import asyncio
import email
import io
import smtplib
from email import policy
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pyzipper

from config.policy import Warn
from directory.account import Account
from gateway.command import operator, queue
from quarantine.item import Event, Item, State
from quarantine.rights import Actor
from quarantine.store import Query
from storage import journal
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.quarantine.letters.test_on_hold import with_document
from tests.services.node import ACCOUNTS, DOMAIN, PASSWORD, Site, policy_of, site

TENANTS = ("default", "acme")
DOORS = {"default": ("submission", "inbound"), "acme": ("submission2", "inbound2")}
PHRASES = {"default": "kumquat-Ridge-48-lantern-Osprey", "acme": "walnut-Harbor-73-copper-Falcon"}
OTHER = "Walnut-Harbor-73"
REPORT = f"report@{DOMAIN}"
LISTENERS = [
    {"name": name, "role": name.rstrip("2"), "port": 0, "tls": "starttls", "tenant": tenant}
    for tenant, doors in DOORS.items()
    for name in doors
]


def two(folder: Path, **changes: Any) -> Any:
    """A node with both; the second one's people are the first one's, and Jiro."""
    return site(
        folder,
        policy_of(warn=Warn(warn_at=1, hold_at=1000)),
        listeners=LISTENERS,
        report_address=REPORT,
        **changes,
    )


async def people(here: Site) -> None:
    node = here.node
    for account in (*ACCOUNTS, Account("jiro", {"ja": "椿本 次郎"}, (f"jiro@{DOMAIN}",))):
        await node.people.save(msgspec.structs.replace(account, tenant="acme"), node.clock())
        await node.people.set_password("acme", account.login, PASSWORD)
    await node.people.set_password("acme", "hanako", OTHER)


async def items(here: Site, tenant: str, **wanted: Any) -> list[Item]:
    return await here.node.store.find(Query(tenant, **wanted))


async def test_agreed_passphrases_and_correspondents(tmp_path: Path) -> None:
    async with two(tmp_path, notices={"held": True}) as here:
        await people(here)
        node = here.node
        for tenant in TENANTS:
            await node.vault.add(
                tenant, "client.example.net", PHRASES[tenant], note="by telephone", by="admin"
            )
        assert (await here.send(TARO, [SATO], with_document(), name="submission2"))[0] == 250
        assert await items(here, "default") == [], "nor a letter"
        assert (await here.send(TARO, [SATO], with_document()))[0] == 250
        for tenant, other in (TENANTS, TENANTS[::-1]):
            (held,) = await items(here, tenant, state=(State.HELD,))
            assert (held.tenant, held.owner, held.passphrase_source) == (tenant, "taro", "domain")
            raw = bytes(await node.store.blobs.get(held.blob))
            parts = email.message_from_bytes(raw, policy=policy.default).iter_attachments()
            (archive,) = (p.get_content() for p in parts if (p.get_filename() or "").endswith(".zip"))
            assert opens(archive, PHRASES[tenant])
            assert not opens(archive, PHRASES[other])
            (letter,) = await items(here, tenant, direction="notice")
            assert letter.owner == "taro"
        assert (await here.send(TARO, [SATO], mail(SATO), name="submission2"))[0] == 250
        (held,) = [item for item in await items(here, "acme", state=(State.HELD,)) if not item.approvals]
        await node.store.change(held.id, Event.SEND_NOW, Actor("taro", tenant="acme"), node.clock())
        await finished(here, held)
        assert await learnt(here, "acme", SATO) == {SATO}
        assert await node.correspondents.known("default", [SATO]) == frozenset()


async def finished(here: Site, item: Item) -> None:
    """Until it was delivered."""
    for _ in range(1000):
        if (await here.node.store.get(item.id, item.tenant)).state is State.DONE:
            return
        await asyncio.sleep(0.02)


async def learnt(here: Site, tenant: str, address: str) -> frozenset[str]:
    """Whom of these the tenant's mail made known: it is noted after a delivery was stored."""
    for _ in range(1000):
        await here.node.correspondents.flush()
        if known := await here.node.correspondents.known(tenant, [address]):
            return known
        await asyncio.sleep(0.02)
    return frozenset()


def opens(archive: bytes, passphrase: str) -> bool:
    with pyzipper.AESZipFile(io.BytesIO(archive)) as file:
        try:
            return bool(file.read(file.namelist()[0], pwd=passphrase.encode()))
        except RuntimeError:
            return False


async def test_lists_names_and_journals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with two(tmp_path) as here:
        await people(here)
        node = here.node
        await node.reload(node.policies)
        await node.listings.add(
            "default", list="block", kind="host", subject="shop.example", owner="admin", reason="reported",
            expires_at=node.clock() + 86_400,
        )  # fmt: skip
        content = mail(TARO, "https://www.shop.example/x\n", sender="x@client.example")
        borrowed = mail(TARO, sender="x@gmail.com").replace(b"From: <", "From: 椿本 次郎 <".encode())
        for tenant in TENANTS:
            for sender, raw in (("x@client.example", content), ("x@gmail.com", borrowed)):
                assert (await here.send(sender, [TARO], raw, name=DOORS[tenant][1]))[0] == 250
        (held,) = await items(here, "default", state=(State.HELD,))
        assert held.holds == ("blocked",)
        assert await items(here, "acme", state=(State.HELD,)) == []
        rules = {
            tenant: {
                r for e in await node.store.entries(tenant, event="hand_over") for r in e.detail["rules"]
            }
            for tenant in TENANTS
        }
        assert "spoofed_name" in rules["acme"]
        assert "spoofed_name" not in rules["default"], "nobody there is called so"

        chains = await journal.chains(node.store.database)
        assert [c for c in chains if "@" in c] == ["node1@acme"]
        for chain in chains:
            assert await journal.verify(node.store.database, chain) is None
        told = {tenant: {e.mail_id for e in await node.store.entries(tenant)} for tenant in TENANTS}
        assert not told["default"] & told["acme"] - {""}

        settings = node.settings
        capsys.readouterr()
        assert await queue.show(settings, "acme", None, queue.PageOfQueue()) == 0
        assert held.id not in capsys.readouterr().out
        assert await operator.act(settings, "acme", "discard", held.id, "not theirs") == 1
        assert (await node.store.get(held.id, "default")).state is State.HELD
        assert await operator.login_link(settings, "default", "jiro") == 1
        assert await operator.login_link(settings, "acme", "jiro") == 0


async def test_logins_and_reports(tmp_path: Path) -> None:
    async with two(tmp_path) as here:
        await people(here)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(here.client, "submission2", "hanako")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(here.client, "submission", "jiro")
        code, text = await here.send(TARO, [REPORT], mail(REPORT, "what is this?\n"), name="submission2")
        assert code == 250, text
        assert await here.node.reports.open("default") == []
        ((report,),) = await here.node.reports.open("acme")
        assert (report.tenant, report.reporter) == ("acme", "taro")
        (letter,) = await items(here, "acme")
        assert (letter.tenant, letter.direction, letter.owner) == ("acme", "notice", "taro")
        assert await items(here, "default") == []


async def test_who_left_one_tenant_stays_in_the_other(tmp_path: Path) -> None:
    async with two(tmp_path) as here:
        await people(here)
        account = await here.node.people.account("acme", "taro")
        assert account is not None
        await here.node.people.save(msgspec.structs.replace(account, disabled=True), here.node.clock())
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(here.client, "submission2")
        assert (await here.send(TARO, [HANAKO], mail(HANAKO)))[0] == 250
