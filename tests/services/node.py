"""A whole node on loopback for tests: real listeners, store, workers, console, and a next hop that catches."""

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from config.load import load_policy
from config.policies import TenantPolicies
from config.policy import Organisation, Policy
from config.settings import Settings
from config.settings_file import load_settings
from directory.account import Account, Role
from gateway.app import Node
from gateway.demo.mail_catcher import Catcher, Caught
from tests.services.zygotes import quickly

DOMAIN = "example.co.jp"
PASSWORD = "Kumquat-Ridge-48"
ACCOUNTS = (
    Account("taro", {"ja": "山田太郎", "en": "Taro Yamada"}, (f"taro@{DOMAIN}",), department="sales"),
    Account(
        "hanako", {"ja": "鈴木花子", "en": "Hanako Suzuki"}, (f"hanako@{DOMAIN}",), department="sales", head_of=("sales",),
        roles=(Role.USER, Role.APPROVER),
    ),
    Account("admin", {"ja": "管理者", "en": "Administrator"}, (f"admin@{DOMAIN}",), roles=(Role.USER, Role.ADMINISTRATOR)),
)  # fmt: skip


def policy_of(**changes: Any) -> Policy:
    """The shipped policy for our test organisation, with changes of Policy's fields."""
    organisation = Organisation(name="Example", domains=(DOMAIN,), group_domains=("group.example",))
    shipped = load_policy(None, (), demo=True)
    organisation = msgspec.structs.replace(
        shipped.organisation, domains=(DOMAIN,), group_domains=("group.example",)
    )
    return msgspec.structs.replace(shipped, organisation=organisation, **changes)


def settings_of(folder: Path, hop: int, **changes: Any) -> Settings:
    next_hop = {"host": "127.0.0.1", "port": hop, "tls": "none"}
    listener = {"port": 0, "tls": "starttls"}
    return load_settings(
        None,
        **{
            "hostname": "sekisho.test",
            "state_dir": folder / "state",
            "listeners": [
                {"name": "submission", "role": "submission", **listener},
                {"name": "inbound", "role": "inbound", **listener},
            ],
            "relay": next_hop,
            "mailbox": next_hop,
            "console": {"port": 0},
            "workers": {"count": 1},
            "dns": {"enabled": False},
            "notices": {"held": False, "waits": False},
            "digest": {"enabled": False},
            **changes,
        },
    )


class Site:
    """A running node with its people and its next hop."""

    def __init__(self, node: Node, catcher: Catcher) -> None:
        self.node = node
        self.catcher = catcher

    def client(self, name: str = "submission", login: str = "taro") -> smtplib.SMTP:
        """A connected client after STARTTLS, logged in on the submission listener. Blocks: call in a thread."""
        host, port = self.node.addresses[name]
        client = smtplib.SMTP(host, port, timeout=60)
        client.starttls(context=trusting())
        client.ehlo("client.example")
        if name.startswith("submission"):
            client.login(login, PASSWORD)
        return client

    async def send(
        self,
        sender: str,
        recipients: Sequence[str],
        content: bytes,
        *,
        name: str = "submission",
        login: str = "taro",
    ) -> tuple[int, str]:
        """One mail by a real client; the last reply's code and text."""
        return await asyncio.to_thread(self._send, sender, recipients, content, name, login)

    def _send(
        self, sender: str, recipients: Sequence[str], content: bytes, name: str, login: str
    ) -> tuple[int, str]:
        with self.client(name, login) as client:
            code, text = client.mail(sender)
            for recipient in recipients:
                if code < 400:
                    code, text = client.rcpt(recipient)
            if code < 400:
                code, text = client.data(content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        return code, text.decode()

    async def caught(self, count: int, seconds: float = 20) -> list[Caught]:
        """The mails at the next hop once there are `count` (or after `seconds`, whatever there is)."""
        for _ in range(int(seconds / 0.02)):
            if len(self.catcher.caught) >= count:
                break
            await asyncio.sleep(0.02)
        return self.catcher.caught


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextlib.asynccontextmanager
async def site(
    folder: Path, policy: Policy | TenantPolicies | None = None, *, hop_port: int = 0, **changes: Any
) -> AsyncIterator[Site]:
    """A node that runs for the length of the block. `hop_port`: that of its next hop, 0 for any."""
    catcher = Catcher(folder / "caught")
    hop = await catcher.start(hop_port)
    node = Node(settings_of(folder, hop, **changes), policy or policy_of())
    with quickly():
        await node.start()
        try:
            for account in ACCOUNTS:
                await node.people.save(account, node.clock(), source="test")
                await node.people.set_password("default", account.login, PASSWORD)
            yield Site(node, catcher)
        finally:
            try:
                await node.stop()
            finally:
                await catcher.stop()
