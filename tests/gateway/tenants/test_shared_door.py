"""Two organisations in one house, each with a policy of its own (OPS-TENANT): one door for the mail of both, one for the
people of both, and mail between them is mail of outsiders."""

import asyncio
import smtplib
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from config.policies import TenantPolicies
from config.policy import Pattern, RulePolicy, Warn
from directory.account import Account
from gateway.demo.mail_catcher import Catcher
from quarantine.item import Item, State
from quarantine.store import Query
from tests.services.node import DOMAIN, PASSWORD, Site, policy_of, site, trusting

OTHER = "acme.example.com"
TARO, ANN = f"taro@{DOMAIN}", f"ann@{OTHER}"
LISTENERS = [
    {"name": "submission", "role": "submission", "port": 0, "tenant": "*"},
    {"name": "inbound", "role": "inbound", "port": 0, "tenant": "*"},
]


def policies(**rules: Any) -> TenantPolicies:
    """The first holds mail of the word "kingfisher", the second one of "bittern"; both in either direction."""
    house = policy_of(warn=Warn(warn_at=1, hold_at=1000), rules=rules)
    own = []
    for name, domain, word in (("house", DOMAIN, "kingfisher"), ("acme", OTHER, "bittern")):
        organisation = msgspec.structs.replace(
            house.organisation, domains=(domain,), group_domains=(), patterns=(Pattern("secret", (word,), then="hold"),),
            name=name,
        )  # fmt: skip
        rules_of = {**house.rules, "external_recipient": RulePolicy("off")}
        own.append(msgspec.structs.replace(house, organisation=organisation, version=name, rules=rules_of))
    return TenantPolicies(own[0], {"acme": own[1]})


class Both:
    """The node, and where acme's mail ends: the first's mailbox and relay are `here.catcher`."""

    def __init__(self, here: Site, theirs: Catcher) -> None:
        self.here, self.theirs = here, theirs

    def client(self, name: str = "inbound", login: str = "") -> smtplib.SMTP:
        host, port = self.here.node.addresses[name]
        client = smtplib.SMTP(host, port, timeout=60)
        client.starttls(context=trusting())
        client.ehlo("client.example")
        if login:
            client.login(login, PASSWORD)
        return client

    async def say(
        self, sender: str, *to: str, body: str = "Hello", name: str = "inbound", login: str = ""
    ) -> list[int]:
        """The codes of MAIL, each RCPT, and DATA when one was taken."""
        raw = f"From: {sender}\r\nTo: {', '.join(to)}\r\nSubject: Hello\r\n\r\n{body}\r\n".encode()

        def speak() -> list[int]:
            with self.client(name, login) as client:
                codes = [client.mail(sender)[0], *(client.rcpt(one)[0] for one in to)]
                return [*codes, client.data(raw)[0]] if 250 in codes[1:] else codes

        return await asyncio.to_thread(speak)

    async def items(self, tenant: str, **wanted: Any) -> list[Item]:
        return [
            i for i in await self.here.node.store.find(Query(tenant, **wanted)) if i.direction != "notice"
        ]

    async def reached(self, address: str) -> bytes:
        """The mail that this mailbox got, once it is there."""
        for _ in range(1000):
            for one in (*self.here.catcher.caught, *self.theirs.caught):
                if address in one.recipients:
                    return one.content
            await asyncio.sleep(0.02)
        raise AssertionError(f"nothing came to {address}")


@asynccontextmanager
async def both(
    folder: Path, *, own: Mapping[str, Any] = {}, given: TenantPolicies | None = None, **changes: Any
) -> AsyncIterator[Both]:
    """`own`: more of the second one's table; `given`: their policies; `changes` of the house's settings."""
    theirs = Catcher(folder / "theirs")
    port = await theirs.start(0)
    (folder / "acme.toml").write_text("")
    hop = {"host": "127.0.0.1", "port": port, "tls": "none"}
    table = {
        "policy": str(folder / "acme.toml"),
        "mailbox": hop,
        "relay": hop,
        "report_address": f"report@{OTHER}",
        **own,
    }
    settings = {
        "listeners": LISTENERS,
        "tenants": {"acme": table},
        "report_address": f"report@{DOMAIN}",
        **changes,
    }
    async with site(folder, given or policies(), **settings) as here:
        ann = Account("ann", {"en": "Ann Smith"}, (ANN,), tenant="acme")
        await here.node.people.save(ann, here.node.clock())
        await here.node.people.set_password("acme", "ann", PASSWORD)
        yield Both(here, theirs)
    await theirs.stop()


async def test_arriving_mail_belongs_to_the_tenant_of_its_recipient(tmp_path: Path) -> None:
    async with both(tmp_path) as house:
        stranger = "x@client.example"
        assert await house.say(stranger, "x@elsewhere.example") == [250, 550]
        assert await house.say(stranger, ANN) == [250, 250, 250]
        assert await house.say(stranger, TARO) == [250, 250, 250]
        assert b"Hello" in await house.reached(ANN)
        assert [one.recipients for one in house.theirs.caught] == [(ANN,)], "by its own mailbox host"
        assert [one.recipients for one in house.here.catcher.caught] == [(TARO,)]
        entries = {t: await house.here.node.store.entries(t, event="hand_over") for t in ("default", "acme")}
        assert {t: [e.detail["policy"] for e in found] for t, found in entries.items()} == {
            "default": ["house"], "acme": ["acme"],
        }  # fmt: skip


async def test_a_mail_to_people_of_two_tenants_is_two_mails(tmp_path: Path) -> None:
    async with both(tmp_path) as house:
        stranger = "x@client.example"
        assert await house.say(stranger, TARO, ANN, f"hanako@{DOMAIN}") == [250, 250, 452, 250, 250]
        assert await house.say(stranger, ANN) == [250, 250, 250], "the client comes again"
        assert [one.recipients for one in house.theirs.caught] == [(ANN,)]
        assert [one.recipients for one in house.here.catcher.caught] == [(TARO, f"hanako@{DOMAIN}")]
        # Whoever was refused binds the transaction to nobody.
        assert await house.say(stranger, f"nobody@{OTHER}", TARO) == [250, 550, 250, 250]


async def test_a_login_says_whose_mail_it_is(tmp_path: Path) -> None:
    async with both(tmp_path) as house:
        outside = "x@client.example"
        for login in ("ann", ANN, "acme/ann"):
            assert (
                await house.say(ANN, outside, body="kingfisher", name="submission", login=login) == [250] * 3
            )
        assert await house.say(TARO, outside, body="kingfisher", name="submission", login="taro") == [250] * 3
        assert await house.say(TARO, outside, name="submission", login="ann") == [550, 503]
        (held,) = await house.items("default", state=(State.HELD,))
        assert (held.owner, held.policy) == ("taro", "house")
        assert await house.items("acme", state=(State.HELD,)) == [], "the word is the other's secret"
        await house.reached(outside)
        assert all(one.reverse_path == ANN for one in house.theirs.caught), "by its own relay"


async def test_mail_between_tenants_is_mail_of_outsiders(tmp_path: Path) -> None:
    """The rules of the one for what leaves, then those of the other for what arrives; neither sees the other's entry."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    listeners = [LISTENERS[0], {**LISTENERS[1], "port": port, "tls": "none"}]
    between = {"host": "127.0.0.1", "port": port, "tls": "none"}
    async with both(tmp_path, listeners=listeners, between=between) as house:
        node = house.here.node
        assert await house.say(TARO, ANN, name="submission", login="taro") == [250] * 3
        raw = await house.reached(ANN)
        assert raw.count(b"Received: ") == 2
        (left,) = await house.items("default")
        assert [r.path.address for r in left.recipients] == [ANN]
        assert (left.direction, left.policy) == ("outbound", "house")
        (came,) = await node.store.entries("acme", event="hand_over")
        assert came.detail["policy"] == "acme"
        assert came.mail_id != left.mail_id
        assert {e.tenant for e in await node.store.entries("acme", mail_id=left.mail_id)} == set()
        assert house.here.catcher.caught == [], "never by the first's own mailbox host"


async def test_reports_go_to_ones_own_address(tmp_path: Path) -> None:
    async with both(tmp_path) as house:
        assert await house.say(ANN, f"report@{OTHER}", name="submission", login="ann") == [250] * 3
        assert len(await house.here.node.reports.mine("ann", "acme")) == 1
        assert await house.say(ANN, f"report@{DOMAIN}", name="submission", login="ann") == [250] * 3
        assert len(await house.here.node.reports.mine("ann", "acme")) == 1, "that is an outsider's mailbox"
        assert await house.here.node.reports.mine("ann", "default") == []
