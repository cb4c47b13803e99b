"""Items for tests, and people who may act on them."""

import itertools
from typing import Any

from directory.account import Account, Role
from directory.people import People
from filters.examined import Summary
from filters.finding import Evidence, Finding
from mail.envelope import ForwardPath
from quarantine.item import Item, Recipient, State
from quarantine.rights import Actor, SystemPart
from storage.interfaces import Database

OPERATOR = Actor("operator:test", SystemPart.COMMAND_LINE)
SENDER, BOSS, ADMIN, TARO, HANAKO = (
    Actor(n, tenant="default") for n in ("sender", "boss", "admin", "taro", "hanako")
)
PEOPLE = (
    Account("sender", addresses=("sender@example.jp",), department="sales"),
    Account("boss", addresses=("boss@example.jp",), roles=(Role.PRESIDENT,)),
    Account("admin", addresses=("admin@example.jp",), roles=(Role.ADMINISTRATOR,)),
    Account("taro", addresses=("taro@example.jp",)),
    Account("hanako", addresses=("hanako@example.jp",)),
)


async def settle_in(database: Database) -> None:
    """Give the people their accounts."""
    people = People(database)
    for account in PEOPLE:
        await people.save(account, 1.0)
    people.close()


_number = itertools.count(1)


def item(*addresses: str, **changes: Any) -> Item:
    """A complete item to these addresses (two by default); `changes` replace fields."""
    number = next(_number)
    values: dict[str, Any] = {
        "id": f"i{number:06}",
        "mail_id": f"m{number:06}",
        "tenant": "default",
        "direction": "outbound",
        "state": State.QUEUED,
        "reverse_path": "sender@example.jp",
        "recipients": tuple(
            Recipient(ForwardPath(a, ("FAILURE", "DELAY"), "rfc822;" + a))
            for a in addresses or ("b@example.com", "c@example.net")
        ),
        "blob": "0" * 32 + "-1",
        "size": 1,
        "sha256": "ab" * 32,
        "accepted_at": 1000.0,
        "owner": "sender",
        "peer": "192.0.2.1",
        "ret": "HDRS",
        "envid": "QQ314159",
        "body": "8BITMIME",
        "summary": Summary(
            "見積書の送付", "sender@example.jp", "山田", "<1@example.jp>", attachments=("見積.pdf",)
        ),
        "findings": (Finding("bcc", "OUT-BCC", (Evidence("quote", "1", 3),), 2, (0,), {"count": "7"}),),
        "rewrites": ("bcc",),
        "secret": b"\0sealed\xff",
    }
    values |= changes
    if "blob" not in changes and values["tenant"] != "default":
        values["blob"] = f"{values['tenant']}.{values['blob']}"
    return Item(**values)
