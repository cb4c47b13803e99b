"""A code works once over all nodes, on every database: the statement decides (OPS-MFA)."""

import asyncio

import pytest

from directory.second_factor import CodeShown, SecondFactors, fresh_codes
from storage.database import open_database
from storage.day_seal import DaySeal
from storage.interfaces import Database
from storage.seal import Seal
from tests.console.premises import code

NOW = 1_780_000_000.0
WHOSE = ("default", "hanako")


@pytest.mark.parametrize("kind", ["totp", "recovery"])
async def test_of_two_nodes_with_one_code_one_lets_somebody_in(url: str, kind: str) -> None:
    factors = SecondFactors(DaySeal(Seal([bytes(32)])))
    nodes = [open_database(url) for _ in range(2)]
    try:
        secret = await nodes[0].write(lambda t: factors.begin(t, *WHOSE, NOW))
        assert await nodes[0].write(lambda t: factors.enrol(t, *WHOSE, code(secret, NOW), NOW))
        codes = await nodes[0].write(lambda t: fresh_codes(t, *WHOSE))

        async def show(node: Database, shown: str, at: float) -> CodeShown:
            return await node.write(lambda t: factors.shown(t, *WHOSE, shown, at))

        for number in range(1, 6):
            at = NOW + 60 * number
            shown = code(secret, at) if kind == "totp" else codes[number]
            both = await asyncio.gather(*(show(node, shown, at) for node in nodes))
            assert sorted(found.right for found in both) == [False, True]
    finally:
        for node in nodes:
            await node.close()


async def test_a_secret_that_is_set_up_is_shown_by_who_only_reads(url: str) -> None:
    """PostgreSQL locks no row in a transaction that only reads."""
    factors, node = SecondFactors(DaySeal(Seal([bytes(32)]))), open_database(url)
    try:
        secret = await node.write(lambda t: factors.begin(t, *WHOSE, NOW))
        assert await node.read(lambda t: factors.pending(t, *WHOSE, NOW)) == secret
    finally:
        await node.close()
