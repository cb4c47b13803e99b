"""A clock that does not jump (T12: 0 early releases)."""

import time

import pytest

from gateway.clock import SteadyClock, boot_time


class Machine:
    wall = 1_800_000_000.0
    steady = 50.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> SteadyClock:
    return SteadyClock(lambda: machine.wall, lambda: machine.steady)


def test_it_goes_with_time(machine: Machine, clock: SteadyClock) -> None:
    machine.pass_(300)
    assert clock() == 1_800_000_300
    assert clock.jump == 0


@pytest.mark.parametrize("leap", [3600.0, -3600.0, 86400.0, -86400.0, 61.0])
def test_a_hold_takes_as_long_as_was_promised_whatever_the_wall_clock_does(
    machine: Machine, clock: SteadyClock, leap: float
) -> None:
    due = clock() + 300
    machine.pass_(100)
    machine.wall += leap
    machine.pass_(199)
    assert clock() < due
    assert clock.jump == leap
    machine.pass_(1)
    assert clock() == due


def test_it_settles_when_it_is_told_to(machine: Machine, clock: SteadyClock) -> None:
    machine.wall += 3600
    assert clock.settle() == 3600
    assert clock() == machine.wall
    assert clock.jump == 0


def test_it_does_not_settle_while_or_since_somebody_used_it(machine: Machine, clock: SteadyClock) -> None:
    machine.wall += 3600
    before = clock.uses
    with clock.in_use():
        assert clock.settle(clock.uses) == 0
        assert clock.settle() == 0
    assert clock.settle(before) == 0
    assert clock.settle(clock.uses) == 3600


def test_small_differences_are_no_jump(machine: Machine, clock: SteadyClock) -> None:
    machine.wall += 0.5
    assert clock.jump == 0


def test_the_real_one() -> None:
    assert abs(SteadyClock()() - time.time()) < 5
    assert boot_time() <= boot_time()
