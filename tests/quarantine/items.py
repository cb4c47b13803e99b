"""Items for tests."""

import itertools
from typing import Any

from filters.examined import Summary
from filters.finding import Evidence, Finding
from mail.envelope import ForwardPath
from quarantine.item import Item, Recipient, State

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
    return Item(**values | changes)
