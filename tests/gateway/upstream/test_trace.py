"""Mail that comes back: our own field, our Received fields, and what the provider says of it."""

import pytest

from filters.facts import Facts, Origin
from gateway.upstream.trace import FIELD, RelayTrace
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from storage.seal import Seal

TRACE = RelayTrace(
    Seal([b"k" * 32]), "gate.example.jp", lambda tenant, address: address.endswith("@ours.example")
)
OTHER = RelayTrace(Seal([b"x" * 32]), "gate.example.jp", lambda tenant, address: False)
BY_US = b"Received: from a by gate.example.jp with ESMTPS id x; now\r\n"
CONNECTOR = b"X-MS-Exchange-CrossTenant-FromEntityHeader: HybridOnPrem\r\n"


def facts(*recipients: str, upstream: str = "m365", tenant: str = "default") -> Facts:
    paths = tuple(ForwardPath(r) for r in recipients or ("sato@client.example",))
    return Facts("outbound", Origin("m365", "", upstream=upstream, tenant=tenant), Envelope("", paths))


def field(trace: RelayTrace = TRACE, message_id: str = "<1@x>", tenant: str = "default") -> bytes:
    return trace.field(facts(tenant=tenant), message_id, (0,))


def test_only_what_an_upstream_brought_for_outsiders_bears_the_field() -> None:
    assert field().startswith(FIELD.encode())
    assert TRACE.field(facts(upstream=""), "<1@x>", (0,)) == b""
    both = facts("hanako@ours.example", "sato@client.example")
    assert [bool(TRACE.field(both, "<1@x>", which)) for which in ((0,), (1,), (0, 1))] == [False, True, True]


@pytest.mark.parametrize(
    ("head", "back"),
    [
        (b"", False),
        (field(), True),
        (field() * 2, True),
        (b"X-Sekisho-Relayed: guess\r\n" * 9 + field(), True),
        (field().lower(), True),
        (field(OTHER), False),
        (field(message_id="<2@x>"), False),
        (field(tenant="acme"), False),
        (field().replace(b": ", b": x"), False),
        (BY_US, False),
        (BY_US * 2, False),
        (BY_US * 3, True),
        (BY_US.replace(b"gate", b"notgate") * 9, False),
        (BY_US.replace(b"example.jp ", b"example.jp.evil.example ") * 9, False),
        (CONNECTOR, False),
        (CONNECTOR + BY_US, True),
        (b"X-MS-Exchange-CrossTenant-FromEntityHeader: Hosted\r\n" + BY_US, False),
    ],
)
def test_what_is_back(head: bytes, back: bool) -> None:
    message = Message(head + b"Message-ID:\r\n <1@x>\r\nSubject: a\r\n\r\n" + field())
    assert TRACE.is_back(message, "default") is back


def test_what_left_before_the_key_was_changed_is_known() -> None:
    after = RelayTrace(Seal([b"n" * 32, b"k" * 32]), "gate.example.jp", lambda tenant, address: False)
    message = Message(field() + b"Message-ID: <1@x>\r\n\r\n")
    assert after.is_back(message, "default")
    assert not after.is_back(message, "acme")
