"""Asking the DNS, against a real name server on loopback."""

from gateway.resolver import FOUND, NOTHING, TEMPORARY, Answer, Dns, Silent
from tests.services.dns import SERVFAIL, SILENCE, NameServer

ZONE: dict[tuple[str, str], list[str] | str] = {
    ("example.jp", "TXT"): ["v=spf1 -all", "x" * 600],
    ("example.jp", "MX"): ["20 mx2.example.jp.", "10 MX1.example.jp."],
    ("mx1.example.jp", "A"): ["192.0.2.1"],
    ("mx1.example.jp", "AAAA"): ["2001:db8::1"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["mx1.example.jp."],
    ("broken.example", "TXT"): SERVFAIL,
    ("silent.example", "TXT"): SILENCE,
}


async def test_answers_are_values_of_each_type() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=2)
        assert sorted((await dns.look_up("example.jp", "TXT")).texts) == ["v=spf1 -all", "x" * 600]
        assert (await dns.look_up("Example.JP.", "MX")).texts == ["mx1.example.jp", "mx2.example.jp"]
        assert (await dns.look_up("mx1.example.jp", "A")).texts == ["192.0.2.1"]
        assert (await dns.look_up("mx1.example.jp", "AAAA")).texts == ["2001:db8::1"]
        assert (await dns.look_up("1.2.0.192.in-addr.arpa", "PTR")).texts == ["mx1.example.jp"]


async def test_nothing_and_trouble_are_different() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=0.3)
        assert await dns.look_up("none.example", "TXT") == Answer(NOTHING)
        assert await dns.look_up("mx1.example.jp", "TXT") == Answer(NOTHING)
        assert (await dns.look_up("broken.example", "TXT")).status == TEMPORARY
        assert (await dns.look_up("silent.example", "TXT")).status == TEMPORARY


async def test_names_that_cannot_be_asked_do_not_exist() -> None:
    dns = Dns(("127.0.0.1",), port=9, lifetime=0.2)
    for name in ("a..b", "x" * 64 + ".example", "\ud800.example", ".".join(["a" * 50] * 6)):
        assert (await dns.look_up(name, "TXT")).status == NOTHING


async def test_an_answer_is_asked_for_once() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port)
        for _ in range(3):
            assert (await dns.look_up("example.jp", "TXT")).status == FOUND
        assert server.asked.count(("example.jp", "TXT")) == 1


async def test_a_node_that_may_not_ask_knows_nothing() -> None:
    assert (await Silent().look_up("example.jp", "TXT")).status == TEMPORARY


async def test_no_name_server_at_all_is_an_answer() -> None:
    dns = Dns(("127.0.0.1",), port=1, lifetime=0.3)
    assert (await dns.look_up("example.jp", "TXT")).status == TEMPORARY
