"""What the processes of a node have in common. tests/crash/test_processes.py starts them."""

from config.settings import LimitsSection
from directory.guesses import Guesses
from gateway.listen.limits import TOO_MANY, Admission
from gateway.locked.shares import TIME, Shares
from gateway.start.seat import Seat, shared, vacate
from mail.networks import Networks
from storage.tally import Tallies

STRANGER = "192.0.2.1"
LIMITS = LimitsSection(connections_per_address=2, auth_failures=3, trusted=())


def test_names() -> None:
    assert Seat().name("one") == "one"
    assert Seat(1, 3).name("one") == "one.2"
    assert Seat().first
    assert not Seat(1, 3).first


def test_limits_hold_over_all_and_what_one_counted_ends_with_it() -> None:
    tallies = shared(LIMITS, 2)
    one, two = (Admission(LIMITS, tallies=Tallies(tallies, seat, 2)) for seat in (0, 1))
    for each in (one, two):
        assert each.enter() is None
        assert each.identify(STRANGER, 0.0) is None
    assert one.enter() is None
    assert one.identify(STRANGER, 0.0) == TOO_MANY
    one.leave("")
    assert two.inside == 2
    vacate(tallies, 1)
    assert one.enter() is None
    assert one.identify(STRANGER, 0.0) is None
    assert one.inside == 2


def test_guesses_and_seconds_count_together() -> None:
    tallies = shared(LIMITS, 2)
    one, two = (Guesses(LIMITS.auth_failures, 900, Tallies(tallies, seat, 2)) for seat in (0, 1))
    taro = [("network", STRANGER), ("account", ("default", "taro"))]
    assert [each.attempt(taro, 1.0) for each in (one, two, one, two)] == [True, True, True, False]
    one.settle(taro, 1.0, 2.0, failed=True)
    assert two.undecided(taro, 2.0), "the other's may turn out to be none"
    vacate(tallies, 0)
    two.settle(taro, 1.0, 2.0, failed=True)
    assert not two.undecided(taro, 2.0)
    assert not one.attempt(taro, 3.0)
    spent = [Shares(1, 60.0, Networks(()), lambda: 100.0, tallies[TIME]) for _ in range(2)]
    spent[0].spend(STRANGER, 50.0)
    spent[1].spend(STRANGER, 20.0)
    assert spent[0].left(STRANGER) == -10.0
