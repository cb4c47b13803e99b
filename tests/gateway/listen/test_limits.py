"""The counters, with time as an argument."""

import pytest

from config.settings import LimitsSection
from gateway.listen.limits import (
    Admission,
    Quiet,
    connections_for,
    content_deadline,
)
from storage.tally import MOST


def admission(**numbers: float) -> Admission:
    return Admission(LimitsSection().model_copy(update={"trusted": ("10.0.0.0/8",), **numbers}))


def enter(gate: Admission, address: str, now: float = 0.0) -> int:
    """0 when the connection is let in, else the code of the goodbye."""
    refusal = gate.enter()
    if refusal is None:
        refusal = gate.identify(address, now)
        if refusal is not None:
            gate.leave("")
    return refusal.code if refusal else 0


def test_connections_in_total_and_per_address() -> None:
    gate = admission(connections=4, connections_per_address=2)
    assert [enter(gate, "192.0.2.1") for _ in range(3)] == [0, 0, 421]
    assert [enter(gate, "10.1.1.1") for _ in range(3)] == [0, 0, 421]  # trusted: only the total counts
    gate.leave("192.0.2.1")
    assert enter(gate, "192.0.2.1") == 0
    assert gate.inside == 4
    for address in ("192.0.2.1", "192.0.2.1", "10.1.1.1", "10.1.1.1"):
        gate.leave(address)
    assert gate.inside == 0
    assert not len(gate._present)


def test_new_connections_per_second() -> None:
    gate = admission(new_per_second=5, new_burst=3)
    assert [enter(gate, "192.0.2.1", 0.0) for _ in range(4)] == [0, 0, 0, 421]
    assert enter(gate, "192.0.2.2", 0.0) == 0
    assert [enter(gate, "192.0.2.1", 0.41) for _ in range(3)] == [0, 0, 421]
    assert [enter(gate, "192.0.2.1", 100.0) for _ in range(4)] == [0, 0, 0, 421]


def test_a_customer_with_a_64_is_one_client() -> None:
    gate = admission(connections_per_address=1)
    assert enter(gate, "2001:db8:1:2::1") == 0
    assert enter(gate, "2001:db8:1:2:ffff::9") == 421
    assert enter(gate, "2001:db8:1:3::1") == 0


def test_stress_begins_above_a_share_of_the_connections() -> None:
    gate = admission(connections=10)
    for _ in range(8):
        gate.enter()
    assert gate.current() == gate.limits
    gate.enter()
    assert (gate.current().idle, gate.current().errors, gate.current().junk) == (10, 1, 1)


@pytest.mark.parametrize(
    ("received", "seconds"),
    [(0, 60), (29_999, 60), (30_000, 60), (60_000, 120), (50 << 20, (50 << 20) / 500)],
)
def test_content_may_take_as_long_as_its_octets_earn(received: int, seconds: float) -> None:
    assert content_deadline(LimitsSection(), 1000.0, received) == pytest.approx(1000 + seconds)


@pytest.mark.parametrize(
    ("descriptors", "configured", "expected"),
    [(1024, 500, 320), (65536, 500, 500), (64, 500, 1), (10, 500, 1)],
)
def test_descriptors_bound_the_connections(descriptors: int, configured: int, expected: int) -> None:
    assert connections_for(descriptors, configured) == expected
    gate = admission(connections=configured)
    assert gate.fit(descriptors) is (expected < configured)
    assert gate.limits.connections == gate.current().connections == expected


def test_descriptors_of_others_are_not_counted_on() -> None:
    gate = Admission(LimitsSection(), reserved=320)
    gate.fit(1024)
    assert gate.limits.connections == connections_for(1024 - 320, 500)


def test_the_tables_are_bounded() -> None:
    gate = admission(connections=10**9)
    for n in range(MOST + 50):
        gate._take_token(str(n), 0.0)
    assert len(gate._arrivals) == MOST


def test_quiet_speaks_once_in_a_while_and_counts() -> None:
    quiet = Quiet(10)
    assert [quiet(t) for t in (0.0, 1.0, 9.9, 10.0, 10.1, 25.0)] == [0, None, None, 2, None, 1]
