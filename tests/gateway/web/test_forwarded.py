"""The client behind a reverse proxy."""

import pytest
from structlog.testing import capture_logs

from config.log_events import LogEvent
from gateway.web.forwarded import Field, Forwarded, client_of
from mail.networks import Networks

PROXIES = Networks(("127.0.0.0/8", "10.0.0.0/8", "2001:db8:1::/48"))
CLIENT = "192.0.2.7"


@pytest.mark.parametrize(
    ("peer", "values", "expected"),
    [
        ("127.0.0.1", [CLIENT], CLIENT),
        ("::ffff:127.0.0.1", [f"::ffff:{CLIENT}"], CLIENT),
        ("127.0.0.1", [f"198.51.100.1, {CLIENT}"], CLIENT),
        ("127.0.0.1", ["198.51.100.1", CLIENT], CLIENT),
        ("127.0.0.1", [f"198.51.100.1, {CLIENT}, 10.1.1.1"], CLIENT),
        ("127.0.0.1", [f"{CLIENT}:4711"], CLIENT),
        ("127.0.0.1", ["2001:db8:9::1"], "2001:db8:9::1"),
        ("127.0.0.1", ["[2001:db8:9::1]:4711, [2001:db8:1::7]"], "2001:db8:9::1"),
        ("127.0.0.1", ["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        ("127.0.0.1", [f"{CLIENT}, nonsense"], "127.0.0.1"),
        ("127.0.0.1", [f"{CLIENT}, , 10.0.0.1"], "10.0.0.1"),
        ("127.0.0.1", ["nonsense, 10.0.0.1"], "10.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("198.51.100.9", [CLIENT], "198.51.100.9"),
        ("", [CLIENT], ""),
    ],
)
def test_the_rightmost_that_is_no_proxy_of_ours(peer: str, values: list[str], expected: str) -> None:
    assert client_of(peer, values, "x-forwarded-for", PROXIES) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([f"for={CLIENT}"], CLIENT),
        ([f"proto=https; For={CLIENT};by=10.0.0.1"], CLIENT),
        ([f"for=198.51.100.1, for={CLIENT}"], CLIENT),
        (['for="[2001:db8:9::1]:4711"'], "2001:db8:9::1"),
        ([f'for="{CLIENT}:80", for="10.0.0.9"'], CLIENT),
        ([f"for={CLIENT}, for=unknown"], "127.0.0.1"),
        ([f"for={CLIENT}, for=_hidden, for=10.0.0.9"], "10.0.0.9"),
        ([f"for={CLIENT}, by=10.0.0.9"], "127.0.0.1"),
        ([f'for="198.51.100.1,for={CLIENT}'], CLIENT),
        ([CLIENT], "127.0.0.1"),
    ],
)
def test_forwarded(values: list[str], expected: str) -> None:
    assert client_of("127.0.0.1", values, "forwarded", PROXIES) == expected


@pytest.mark.parametrize(
    ("field", "expected"), [("x-forwarded-for", "192.0.2.1"), ("forwarded", "192.0.2.2")]
)
async def test_only_one_header_field_is_believed(field: Field, expected: str) -> None:
    """A proxy that writes one of them lets the client write the other."""
    assert await seen(field, "127.0.0.1") == expected


async def test_who_is_no_proxy_is_not_believed_and_that_is_told_once() -> None:
    with capture_logs() as logged:
        assert await seen("x-forwarded-for", "198.51.100.9", times=3) == "198.51.100.9"
    assert [line["event"] for line in logged] == [LogEvent.PROXY_UNKNOWN]


async def seen(field: Field, peer: str, times: int = 1) -> str:
    clients = []

    async def app(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
        clients.append(scope["client"][0])

    believing = Forwarded(app, PROXIES, field)  # type: ignore[arg-type]
    headers = [(b"x-forwarded-for", b"192.0.2.1"), (b"forwarded", b"for=192.0.2.2")]
    for _ in range(times):
        await believing({"type": "http", "client": (peer, 1), "headers": headers}, None, None)  # type: ignore[arg-type]
    return str(clients[-1])
