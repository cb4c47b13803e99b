"""Places for connections of the console."""

from config.console import ConsoleLimits
from gateway.web.door import Door
from mail.networks import Networks


class Guest:
    def __init__(self) -> None:
        self.told_to_go = False

    def leave(self) -> None:
        self.told_to_go = True


def door(connections: int, per_address: int = 100, proxies: tuple[str, ...] = ()) -> Door:
    limits = ConsoleLimits(connections=connections, connections_per_address=per_address)
    return Door(limits, Networks(proxies))


def test_each_client_has_its_share() -> None:
    here = door(10, 2)
    guests = [Guest() for _ in range(3)]
    assert [here.enter(g, "2001:db8::1") for g in guests] == [True, True, False]
    assert here.enter(Guest(), "192.0.2.2")
    here.left(guests[2])
    here.left(guests[0])
    here.left(guests[0])
    assert [here.enter(Guest(), "2001:db8::ffff") for _ in range(2)] == [True, False]


def test_a_proxy_speaks_for_many() -> None:
    here = door(10, 2, ("127.0.0.0/8",))
    assert all(here.enter(Guest(), "127.0.0.1") for _ in range(5))


def test_who_waits_longest_makes_room() -> None:
    here = door(3)
    first, second, third = guests = [Guest() for _ in range(3)]
    for guest in guests:
        here.enter(guest, "192.0.2.1")
    here.served(first)
    assert here.enter(Guest(), "192.0.2.2")
    assert [g.told_to_go for g in guests] == [False, True, False]
    here.waits(first)
    assert here.enter(Guest(), "192.0.2.2")
    assert third.told_to_go
    assert not first.told_to_go
    here.left(second)
    assert here.enter(Guest(), "192.0.2.2"), "its place was given away once only"


def test_when_all_are_being_served_nobody_else_comes_in() -> None:
    here = door(2)
    for _ in range(2):
        guest = Guest()
        here.enter(guest, "192.0.2.1")
        here.served(guest)
    assert not here.enter(Guest(), "192.0.2.2")


def test_who_was_sent_away_does_not_wait_again() -> None:
    here = door(1)
    first = Guest()
    here.enter(first, "192.0.2.1")
    second = Guest()
    assert here.enter(second, "192.0.2.2")
    here.waits(first)
    here.served(second)
    assert not here.enter(Guest(), "192.0.2.3")
