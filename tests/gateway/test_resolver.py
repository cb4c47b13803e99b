"""Asking the DNS, against a real name server on loopback."""

import asyncio

import pytest

from gateway import resolver
from gateway.resolver import FOUND, NOTHING, TEMPORARY, Dns, DnsAnswer, Timed
from tests.services.dns import SERVFAIL, SILENCE, NameServer, Zone

ZONE: Zone = {
    ("example.jp", "TXT"): ["v=spf1 -all", "x" * 600],
    ("example.jp", "MX"): ["20 mx2.example.jp.", "10 MX1.example.jp."],
    ("mx1.example.jp", "A"): ["192.0.2.1"],
    ("mx1.example.jp", "AAAA"): ["2001:db8::1"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["mx1.example.jp."],
    ("broken.example", "TXT"): SERVFAIL,
    ("silent.example", "TXT"): SILENCE,
    ("huge.example", "TXT"): ["y" * 60_000],
    ("long.example", "TXT"): ["k" * 900],
    ("alias.example", "CNAME"): ["second.example."],
    ("second.example", "CNAME"): ["example.jp."],
    ("nowhere.example", "CNAME"): ["gone.example."],
    ("loop.example", "CNAME"): ["loop.example."],
}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_answers_are_values_of_each_type() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        assert sorted((await dns.look_up("example.jp", "TXT")).texts) == ["v=spf1 -all", "x" * 600]
        assert (await dns.look_up("Example.JP.", "MX")).texts == ["mx1.example.jp", "mx2.example.jp"]
        assert (await dns.look_up("mx1.example.jp", "A")).texts == ["192.0.2.1"]
        assert (await dns.look_up("mx1.example.jp", "AAAA")).texts == ["2001:db8::1"]
        assert (await dns.look_up("1.2.0.192.in-addr.arpa", "PTR")).texts == ["mx1.example.jp"]


async def test_nothing_and_trouble_are_different() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        assert await dns.look_up("none.example", "TXT") == DnsAnswer(NOTHING, exists=False)
        assert await dns.look_up("mx1.example.jp", "TXT") == DnsAnswer(NOTHING)
        assert (await dns.look_up("broken.example", "TXT")).status == TEMPORARY
        impatient = Dns(("127.0.0.1",), port=server.port, lifetime=0.3)
        assert (await impatient.look_up("silent.example", "TXT")).status == TEMPORARY


async def test_what_does_not_fit_into_a_datagram_comes_over_tcp() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        assert (await dns.look_up("huge.example", "TXT")).texts == ["y" * 60_000]
        assert server.asked_by_tcp == [("huge.example", "TXT")]
        assert (await dns.look_up("long.example", "TXT")).texts == ["k" * 900]
        assert len(server.asked_by_tcp) == 1, "a key of 4096 bits fits into one datagram (EDNS)"


async def test_aliases_are_followed() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        assert "v=spf1 -all" in (await dns.look_up("alias.example", "TXT")).texts
        assert await dns.look_up("nowhere.example", "TXT") == DnsAnswer(NOTHING, exists=False)
        assert (await dns.look_up("loop.example", "TXT")).status == TEMPORARY


async def test_names_that_cannot_be_asked_do_not_exist() -> None:
    dns = Dns(("127.0.0.1",), port=9, lifetime=0.2)
    for name in ("a..b", "x" * 64 + ".example", "\ud800.example", ".".join(["a" * 50] * 6)):
        assert (await dns.look_up(name, "TXT")).status == NOTHING


@pytest.mark.parametrize(
    ("name", "ttl", "kept", "asked_again"),
    [
        ("example.jp", 60, 59, 61),
        ("example.jp", 0, 29, 31),  # never shorter: a sender must not make us ask for every mail
        ("example.jp", 86_400, 3599, 3601),  # never longer: a key may have been withdrawn
        ("none.example", 86_400, 299, 301),
        ("mx1.example.jp", 86_400, 299, 301),
        ("broken.example", 60, 4, 6),
    ],
)
async def test_an_answer_is_kept_for_its_time_within_bounds(
    name: str, ttl: int, kept: float, asked_again: float
) -> None:
    clock = Clock()
    async with NameServer(ZONE, ttl=ttl) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60, clock=clock)
        first = await dns.look_up(name, "TXT")
        before = len(server.asked)
        clock.now += kept
        again = await dns.look_up(name.upper(), "TXT")
        assert again == first
        assert len(server.asked) == before
        clock.now += asked_again - kept
        again = await dns.look_up(name, "TXT")
        assert (again.status, sorted(again.values)) == (first.status, sorted(first.values))
        assert len(server.asked) > before


async def test_the_cache_has_a_size_and_forgets_what_is_used_least() -> None:
    zone: Zone = {(f"{n}.example", "TXT"): [str(n)] for n in range(4)}
    async with NameServer(zone) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60, cached=3)
        for n in (0, 1, 2, 0, 3, 0, 1):
            assert (await dns.look_up(f"{n}.example", "TXT")).texts == [str(n)]
        assert [name[0] for name, _ in server.asked] == ["0", "1", "2", "3", "1"]


async def test_what_is_very_large_is_not_kept() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        for _ in range(2):
            assert (await dns.look_up("huge.example", "TXT")).status == FOUND
        assert len(server.asked_by_tcp) == 2


async def test_one_mail_has_its_time_and_no_more() -> None:
    async with NameServer(ZONE) as server:
        node = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        assert (await Timed(node, 60).look_up("example.jp", "TXT")).status == FOUND
        dns = Timed(node, 0.3)
        assert (
            await asyncio.gather(*(dns.look_up("silent.example", "TXT") for _ in range(30)))
            == [DnsAnswer(TEMPORARY)] * 30
        )
        asked = len(server.asked)
        assert asked <= 1 + resolver.AT_ONCE_PER_MAIL
        assert (await dns.look_up("mx1.example.jp", "A")).status == TEMPORARY
        assert len(server.asked) == asked, "after its time nothing is asked any more"


async def test_the_slow_names_of_one_mail_do_not_hold_up_another() -> None:
    """No clock decides: the slow mail is still waiting when the other has its answer."""
    zone: Zone = {**ZONE, **{(f"s{n}.silent.example", "TXT"): SILENCE for n in range(50)}}
    async with NameServer(zone) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        slow = Timed(dns, 60)
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(slow.look_up(f"s{n}.silent.example", "TXT")) for n in range(50)]
            while len(server.asked) < resolver.AT_ONCE_PER_MAIL:
                await asyncio.sleep(0.01)
            assert (await Timed(dns, 30).look_up("example.jp", "TXT")).status == FOUND
            assert not any(task.done() for task in waiting)
            for task in waiting:
                task.cancel()


async def test_no_name_server_at_all_is_an_answer() -> None:
    dns = Dns(("127.0.0.1",), port=1, lifetime=0.3)
    assert (await dns.look_up("example.jp", "TXT")).status == TEMPORARY
